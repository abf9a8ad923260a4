"""Pages about what is graded: stations, class lists, rubrics in use. One module a noun; parse, call, answer."""
