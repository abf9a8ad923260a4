"""What the pages show, worked out from a stored grading: pure functions and plain values, no markup.

Templates only lay out what is here. Nothing is graded again: a page shows the record, also when the
engine has moved on.
"""
