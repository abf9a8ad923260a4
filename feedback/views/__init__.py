"""Pages, one module a noun: parse, call, answer."""
