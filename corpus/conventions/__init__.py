"""A signed convention and its avenants.

Takes `Document`s; gives them back with their articles, fiches action, annexes and signatures
named, and with what an avenant changed told on both sides.
"""
