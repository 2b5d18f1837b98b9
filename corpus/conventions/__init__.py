"""A signed convention and its avenants, and the documents that others replace.

Takes `Document`s; gives them back with their articles, fiches action, annexes and signatures
named, and with what an avenant changed, or an act repealed, told on both sides.
"""
