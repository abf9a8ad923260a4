"""How a grading is put into words. Pure: every sentence is a template filled from cited evidence."""
