"""What a question names of a convention, and which of its words are in force.

Takes questions and passages; gives bonuses and orders of passages.
"""
