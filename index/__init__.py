"""Documents -> passages found.

Takes `corpus` documents, builds generations of them, and gives the `Hit`s of a question. Knows
corpus, never assistant.
"""
