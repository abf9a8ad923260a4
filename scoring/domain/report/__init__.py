"""Puts scores and evidence into the typed, cited result. Nothing is decided here."""
