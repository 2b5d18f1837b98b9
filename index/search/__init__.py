"""The search of one generation. Takes a question; gives `Found`: passages, best first, and why."""
