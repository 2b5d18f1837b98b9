"""Hits -> the sentences to quote.

Takes a question read and the passages found; gives quotations, in the order they are shown, each
with its citation.
"""
