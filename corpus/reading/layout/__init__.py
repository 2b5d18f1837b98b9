"""Where words lie on a sheet -> lines, tables, paragraphs, headings.

Takes words at their places, of a PDF or of an office file's table; knows no file format.
"""
