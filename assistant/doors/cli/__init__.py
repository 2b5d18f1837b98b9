"""The command line. Takes arguments; prints answers, reports and what went wrong, in French."""
