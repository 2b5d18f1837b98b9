"""What must not be quoted.

Takes pages and documents; gives them without what their readers never see, and without the
paragraphs that speak to the assistant.
"""
