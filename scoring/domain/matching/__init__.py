"""Deciding which checklist questions were asked. `match_questions` is the matcher of the engine."""

from scoring.domain.matching.matcher import load, match_questions, matcher_with

__all__ = ["load", "match_questions", "matcher_with"]
