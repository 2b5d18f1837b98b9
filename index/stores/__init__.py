"""What a generation keeps on disk to be searched.

Takes passages and vectors; gives scores by position: tantivy for words, Chroma for vectors, a
register for the rows of lists.
"""
