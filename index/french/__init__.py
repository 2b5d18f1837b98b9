"""French words.

Takes a text; gives its tokens, stems, 4-grams and sentences, and a question spelled as the corpus
spells. Knows nothing of passages.
"""
