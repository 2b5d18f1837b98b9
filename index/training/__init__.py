"""How the models that ship were made.

Takes texts and questions; gives model folders. Needs torch, which nothing else loads.
"""
