"""What a cohort's scores say: their distribution, each item's difficulty and discrimination, and how far to trust it.

Formulas, sources and worked tables: docs/algorithms/statistics.md.
"""
