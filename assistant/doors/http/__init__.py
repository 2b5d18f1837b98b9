"""The HTTP API.

Takes JSON; gives answers as JSON or as server-sent events, and problems in French.
"""
