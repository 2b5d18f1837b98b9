"""Publications -> documents.

Takes a catalogue and the files it names; gives `documents.Document`s. Knows nobody.
"""
