"""The town's own answers: written, approved and kept by its staff, served before any other.

Takes wordings, words and the passages that prove them; gives the answer of a question that is one
of these wordings, while what it cites stands. Takes the journal; gives what is asked in vain.
"""
