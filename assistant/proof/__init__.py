"""A sentence against its passages.

Takes a sentence that someone wrote and the texts it cites; gives whether they say it, or what
they do not say.
"""
