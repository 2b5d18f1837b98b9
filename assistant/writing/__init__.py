"""The language model, never trusted.

Takes a question and passages; gives written sentences, each already proved, or the cause of its
failure. Of passages alone it gives questions, which assistant.expanding judges.
"""
