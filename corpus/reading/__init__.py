"""Files -> documents.

Takes the catalogue's entries and the copies of their files; gives `Document`s and a report of
each. One room a format; `entries` is the way in.
"""
