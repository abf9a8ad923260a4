"""Feedback on paper: the student's page as a tagged PDF, set by Typst from the same words."""
