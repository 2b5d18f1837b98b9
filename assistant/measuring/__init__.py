"""How good the answers are.

Takes questions whose right answers are known; gives measures, tables and charts.
"""
