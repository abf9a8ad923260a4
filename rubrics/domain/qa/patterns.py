"""Checks of the patterns: RE2 accepts them, and they are found where they should be and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

from rubrics.domain.document import RubricDocument
from rubrics.domain.patterns import PatternProblem, compile_pattern, occurs
from rubrics.domain.qa.findings import Problem, replacement
from rubrics.domain.word_bounds import bounded, loose_words

UNTELLING = ("Thank you.", "Good morning, my name is Sam.", "I see, and how are you today?")
"""A pattern that is found in all of these is found in anything."""

MAX_PROGRAM_STEPS = 1_000_000
"""Of all patterns of a rubric, as RE2 compiles them and we read them; an ordinary one takes about five hundred."""
STEPS_OF_REFUSED = 100_000
STEPS_OF_A_CHARACTER = 10
_TOO_MUCH = "the patterns before it are already as large as all may be together; repeat less or drop some"


def patterns(rubric: RubricDocument) -> Iterator[tuple[str, str]]:
    """Every pattern with the dotted path of its field."""
    for index, link in enumerate(rubric.reasoning.required_links):
        yield f"reasoning.required_links.{index}.pattern", link.pattern
    for index, element in enumerate(rubric.summary.required_elements):
        if element.pattern is not None:
            yield f"summary.required_elements.{index}.pattern", element.pattern
    for index, rule in enumerate(rubric.communication.rules):
        if rule.pattern is not None:
            yield f"communication.rules.{index}.pattern", rule.pattern


def _judged(rubric: RubricDocument) -> Iterator[tuple[str, str, PatternProblem | None]]:
    """Every pattern with RE2's problem, if any; the last one is refused where the budget ends.

    One pattern is bounded by RE2 itself; five hundred that are each just allowed would hold a request for minutes.
    """
    spent = 0
    for path, pattern in patterns(rubric):
        if spent > MAX_PROGRAM_STEPS:
            yield path, pattern, PatternProblem(pattern, _TOO_MUCH)
            return
        try:
            spent += compile_pattern(pattern).programsize + STEPS_OF_A_CHARACTER * len(pattern)
            yield path, pattern, None
        except PatternProblem as problem:
            spent += STEPS_OF_REFUSED
            yield path, pattern, problem


def patterns_compile(rubric: RubricDocument) -> Iterator[Problem]:
    for path, _, problem in _judged(rubric):
        if problem is not None:
            yield Problem(path, str(problem))


def patterns_discriminate(rubric: RubricDocument) -> Iterator[Problem]:
    """A pattern that matches nothing at all is found in every text, and so credits everybody; “CT” is in “factors”."""
    for path, pattern, problem in _judged(rubric):
        if problem is not None:
            continue
        yield from _too_willing(path, pattern)
        loose = loose_words(pattern)
        fix = _bounded_fix(path, pattern) if loose else ()
        for word in loose:
            message = f"“{word}” is also found inside longer words; write \\b{word}\\b for the word alone."
            yield Problem(path, message, fix)


def _too_willing(path: str, pattern: str) -> Iterator[Problem]:
    if occurs(pattern, ""):
        yield Problem(path, f"The pattern “{pattern}” matches the empty text, so it is always found. Require a word.")
    elif all(occurs(pattern, text) for text in UNTELLING):
        yield Problem(path, f"The pattern “{pattern}” is found in almost any sentence. Require a word that tells.")


def _bounded_fix(path: str, pattern: str) -> tuple[dict[str, object], ...]:
    """Offered only where it does what it says: a pattern that RE2 accepts, with no loose word left."""
    closed = bounded(pattern)
    try:
        compile_pattern(closed)
    except PatternProblem:
        return ()
    return () if loose_words(closed) else replacement(path, pattern, closed)
