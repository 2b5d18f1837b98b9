"""DOCX and ODT files -> sections: takes a ZIP of XML, gives a `Document` as a word processor shows
it.
"""
