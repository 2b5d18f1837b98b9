"""A question -> an answer that proves each of its sentences.

Takes questions by its doors and hits from index; gives `answers.Answer`s. Rooms point one way:
question, proof, quoting, deciding, writing, records, then pipeline and assembly, then measuring
and doors.
"""
