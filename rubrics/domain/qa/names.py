"""Checks of what items are called by: anchors, which citations name, and ids."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rubrics.domain.document import AnchoredItem, RubricDocument
from rubrics.domain.qa.findings import Problem, replacement

_MENTION = re.compile(r"(?:rubric://(?P<rubric>[\w-]+))?(?P<anchor>#[A-Za-z]\.[\w.~-]*[\w~-])")
_PLAIN = re.compile(r"#[\w.~:-]+", re.ASCII)


def unique_anchors(rubric: RubricDocument) -> Iterator[Problem]:
    yield from _repeated(rubric.anchors(), "The anchor “{value}” is used {times} times; give each item its own.")


def unique_ids(rubric: RubricDocument) -> Iterator[Problem]:
    for path, items in item_lists(rubric):
        ids = [(f"{path}.{index}.id", item.id) for index, item in enumerate(items)]
        yield from _repeated(ids, "The id “{value}” is used {times} times in this list; give each item its own.")


def item_lists(rubric: RubricDocument) -> tuple[tuple[str, Sequence[AnchoredItem]], ...]:
    """Every list of items with its dotted path, in document order."""
    return (
        ("structure.penalties", rubric.structure.penalties),
        ("key_questions", rubric.key_questions),
        ("reasoning.required_links", rubric.reasoning.required_links),
        ("summary.required_elements", rubric.summary.required_elements),
        ("communication.rules", rubric.communication.rules),
    )


def _repeated(places: Iterable[tuple[str, str]], message: str) -> Iterator[Problem]:
    listed = list(places)
    times = Counter(value for _, value in listed)
    taken = set(times)
    seen: set[str] = set()
    for path, value in listed:
        if value in seen:
            other = _free_name(value, times[value], taken)
            yield Problem(path, message.format(value=value, times=times[value]), replacement(path, value, other))
        seen.add(value)


def _free_name(value: str, times: int, taken: set[str]) -> str:
    """The first of value_2, value_3 … that nothing has; it is taken from now on."""
    numbered = (f"{value}_{number}" for number in range(2, times + len(taken) + 2))
    name = next(candidate for candidate in numbered if candidate not in taken)
    taken.add(name)
    return name


def anchors_resolve(rubric: RubricDocument) -> Iterator[Problem]:
    """A text that points at an anchor points at one that exists, and every anchor can stand in a citation."""
    anchors = {anchor for _, anchor in rubric.anchors()}
    for path, anchor in rubric.anchors():
        if _PLAIN.fullmatch(anchor) is None:
            yield Problem(
                path,
                f"The anchor “{anchor}” can't be followed as a link in every program; use letters, digits, dot, hyphen "
                "and underscore.",
            )
    for path, text in _texts(rubric):
        for mention in _MENTION.finditer(text):
            if mention["anchor"] not in anchors or mention["rubric"] not in (None, rubric.rubric_id):
                yield Problem(
                    path, f"“{mention[0]}” names no item of this rubric; write the anchor of one, or leave it out."
                )


def _texts(rubric: RubricDocument) -> Iterator[tuple[str, str]]:
    yield "description", rubric.description
    for path, items in item_lists(rubric):
        for index, item in enumerate(items):
            field = "label" if path == "key_questions" else "description"
            yield f"{path}.{index}.{field}", getattr(item, field)
