"""What is asked, read once.

Takes what was typed and the turns before it; gives it masked, its language, its parts, what it
names and the kind of thing it wants.
"""
