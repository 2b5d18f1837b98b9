"""The known questions of a generation: a question in, the ones most like it and their facts out.

Known questions were written from the facts, or from a town's passages; near misses are questions
of the same subject that no document answers. `known` finds the nearest and weighs their facts;
`grams` compares by characters, which typos and short messages leave standing.
"""
