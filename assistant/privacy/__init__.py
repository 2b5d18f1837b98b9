"""What was typed, read before anything else: it comes out without personal data.

In: a message as it was typed, what is published. Out: the message masked, the kinds that it held,
and the question behind it without who asks it.
"""
