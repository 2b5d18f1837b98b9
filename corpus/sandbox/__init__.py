"""A parse in a child process with limits.

Takes "module:function" and a file; gives what it returned, or why it did not. Whatever a file
does to the child, the parent lives on.
"""
