"""Addresses -> dated copies beside the catalogue.

Takes the catalogue's entries; gives snapshots, and what changed. Only public addresses are
reached, politely; nothing here reads what came.
"""
