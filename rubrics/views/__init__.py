"""Pages of rubrics, one module a noun: parse, call, answer."""
