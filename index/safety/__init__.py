"""Whether words give orders to the assistant.

Takes texts; says of each whether it speaks to a program that answers. What comes of it is left out
by corpus.safety, which is handed this judge.
"""
