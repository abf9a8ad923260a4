"""How a transcript is graded: parsing, sections, matching, formulas and citations. Pure and deterministic."""
