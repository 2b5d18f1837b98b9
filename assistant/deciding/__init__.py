"""Whether to answer at all.

Takes a question, before the search or after it; gives an outcome that refuses, or how likely it
is that the best sentence answers.
"""
