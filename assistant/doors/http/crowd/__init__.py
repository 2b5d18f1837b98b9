"""Many at once: who is let in, who waits for their turn, who is told to come back.

Takes requests before anything is read of them; gives those that can be answered in time, and to
the others a 429 or a 503 that says when to ask again.
"""
