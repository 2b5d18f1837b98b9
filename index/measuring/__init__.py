"""How well the search finds.

Takes judged questions and generations; gives measures. Nothing that answers a question imports
it.
"""
