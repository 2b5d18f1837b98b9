"""The pages: the same answers, their proofs and what is said of the assistant, without JavaScript.

Takes requests of a browser; gives HTML in French, and pictures of pages of publications.
"""
