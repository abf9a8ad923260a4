"""Patterns of rubrics: what is refused and how, and which passage is quoted."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.domain.patterns import PatternProblem, compile_pattern, find_all, find_shortest, is_anchored, occurs

REFUSED = {
    "an open bracket": ("chest(pain", "never closed", "chest(pain"),
    "a stray bracket": ("chest)pain", "closes nothing", "chest)pain"),
    "an open set": ("[abc", "never closed", "[abc"),
    "nothing to repeat": ("*pain", "nothing to repeat", "*"),
    "two repetitions": ("a**", "one upon the other", "**"),
    "too many repetitions": (r"(\w{500}){500}", "repeats too often", "{500}"),
    "a range upside down": ("[z-a]", "range", "z-a"),
    "look-ahead": ("pain(?=ful)", "look-around", "(?="),
    "a back-reference": (r"(a)\1", "back-references", r"\1"),
    "a lone backslash": ("pain\\", "lone backslash", ""),
    "half a character": ("\ud800", "half a character", ""),
}


@pytest.mark.parametrize(("pattern", "reason", "fragment"), REFUSED.values(), ids=REFUSED)
def test_a_refused_pattern_says_why_and_where(pattern: str, reason: str, fragment: str) -> None:
    with pytest.raises(PatternProblem, match=reason) as caught:
        compile_pattern(pattern)
    assert caught.value.fragment == fragment
    assert str(caught.value).endswith(".")


def test_refusing_a_pattern_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PatternProblem):
        compile_pattern("(")
    assert capfd.readouterr() == ("", "")


def test_a_long_pattern_is_cut_in_its_message() -> None:
    with pytest.raises(PatternProblem) as caught:
        compile_pattern("(" + "a" * 1900)
    assert len(str(caught.value)) < 300


FOUND = {
    "case does not matter": (r"\bCHEST\b", "a chest x-ray", "chest"),
    "a dot matches a line break": ("pain.*ECG", "pain\nso an ECG", "pain\nso an ECG"),
    "the shortest, not the leftmost": ("chest.*ECG", "chest x-ray; chest pain, ECG", "chest pain, ECG"),
    "the shortest, not the greediest": ("pain.*ECG", "pain, so an ECG, one more ECG", "pain, so an ECG"),
    "lazy and greedy in one pattern": ("a.*b.*?c", "a b a b c b c", "a b c"),
    "the shorter alternative": ("chest pain|pain", "chest pain", "pain"),
    "the earliest of equally short ones": (r"\b[ab]\b", "x b a", "b"),
    "offsets count code points, not bytes": (r"naïve", "😀 é naïve", "naïve"),
    "beyond the plane of two bytes": ("😀.", "ab 😀!", "😀!"),
    "an end that must be the end of the text": ("pain$", "pain, more pain", "pain"),
    "a word boundary is seen in its surroundings": (r"\bCT\b", "factors, then CT.", "CT"),
    "half a character in the text": ("pain", "\ud800 pain", "pain"),
    "an optional part that may be empty": ("(pain)?", "no pain", "pain"),
}


@pytest.mark.parametrize(("pattern", "text", "passage"), FOUND.values(), ids=FOUND)
def test_the_shortest_passage_is_found(pattern: str, text: str, passage: str) -> None:
    span = find_shortest(pattern, text)
    assert span is not None
    assert text[slice(*span)] == passage
    assert occurs(pattern, text)


def test_the_last_of_two_ends_wins_where_the_pattern_asks_for_the_end() -> None:
    assert find_shortest("pain$", "pain, more pain") == (11, 15)


@pytest.mark.parametrize(("pattern", "text"), [(r"\bCT\b", "factors"), ("a+", ""), ("^b", "ab"), ("()", "abc")])
def test_nothing_is_found_where_nothing_is_said(pattern: str, text: str) -> None:
    assert find_shortest(pattern, text) is None


def test_all_matches_are_found_once_each() -> None:
    text = "No fever, no cough, nothing."
    assert [text[slice(*span)] for span in find_all(r"\bno\b", text)] == ["No", "no"]


@given(
    pattern=st.sampled_from(
        ["a.*b", "a.*?b|ba", "(ab|b)c?", "a.{2,4}c", "[ab]+c", r"\ba.*b\b", "a.*$", "^.*c", "b{2}"]
    ),
    text=st.text(alphabet="abc é", max_size=14),
)
def test_no_other_passage_is_shorter(pattern: str, text: str) -> None:
    """Against Python's own engine, which is asked about every passage in its surroundings."""
    passages = [
        (end - start, start, end)
        for start in range(len(text))
        for end in range(start + 1, len(text) + 1)
        if _matches_exactly(pattern, text, start, end)
    ]
    found = find_shortest(pattern, text)
    assert (found and (found[1] - found[0], *found)) == min(passages, default=None)


def _matches_exactly(pattern: str, text: str, start: int, end: int) -> bool:
    """Python sees what stands before `start` by itself; a look-ahead for the rest of the text pins the end."""
    pinned = rf"(?:{pattern})(?=[\s\S]{{{len(text) - end}}}\Z)"
    match = re.compile(pinned, re.ASCII | re.IGNORECASE | re.DOTALL).match(text, start)
    return match is not None


@pytest.mark.parametrize(
    ("pattern", "anchored"),
    [("^pain", True), ("pain$", True), (r"\Apain", True), (r"pain\z", True), ("[^.]pain", False), (r"\bpain\b", False),
     (r"\$5", False), (r"\[^a", True), (r"\\[^a]", False), (r"a|^b", True)],
)  # fmt: skip
def test_a_pattern_that_looks_at_the_ends_of_the_text_is_known(pattern: str, anchored: bool) -> None:
    assert is_anchored(pattern) is anchored


def test_a_pattern_that_would_hang_a_backtracking_engine_answers_at_once() -> None:
    assert find_shortest("(a+)+$", "a" * 5000 + "b") is None


def test_a_text_full_of_matches_is_weighed_in_bounded_time() -> None:
    assert find_shortest("a.*b", "a b " * 20_000) == (0, 3)
