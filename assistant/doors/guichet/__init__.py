"""The guichet: pages for the front desk and for who keeps the assistant true, behind a log-in.

Takes requests of a browser; gives HTML in French, and nothing to who is not logged in.
"""
