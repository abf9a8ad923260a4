"""What a rubric is: its document, its quality checks and its identity. Pure: no Django, clock or settings."""
