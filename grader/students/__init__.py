"""Accounts of students: made for a class, taken into use by the student alone."""
