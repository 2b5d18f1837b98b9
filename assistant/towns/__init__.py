"""Several towns in one process, each in a folder of its own, the national part held once.

Takes the folder of ASSISTANT_TOWNS; gives the assistant of a town while it is asked, and builds
their indexes, several at once.
"""
