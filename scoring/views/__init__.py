"""Pages that need gradings: parse, call, answer."""
