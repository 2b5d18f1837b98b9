"""What is kept of an answer, and for how long.

Takes answers; gives receipts, kept in the journal and compared later.
"""
