"""The database backend of development: Django's PostgreSQL, behind which the embedded server starts on first use."""
