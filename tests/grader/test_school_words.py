"""The school's vocabulary file stops the start unless it can be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.env import Environment, SettingError
from grader.school_words import VARIABLE, school_words


def test_without_the_variable_there_are_none() -> None:
    assert school_words(Environment({})) == ()


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "words.json"
    file.write_text('[{"term": "nausea", "synonyms": ["collywobbles"]}]', "utf-8")
    assert school_words(Environment({VARIABLE: str(file)})) == (("nausea", ("collywobbles",)),)


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "can't be read"), ("nonsense", "JSON"), ('[{"term": "nausea", "synonyms": ["a|b"]}]', "0.synonyms.0")],
    ids=["missing", "no JSON", "not plain words"],
)
def test_a_file_that_can_t_be_used_says_what_to_mend(tmp_path: Path, content: str | None, says: str) -> None:
    file = tmp_path / "words.json"
    if content is not None:
        file.write_text(content, "utf-8")
    with pytest.raises(SettingError, match=says) as refused:
        school_words(Environment({VARIABLE: str(file)}))
    assert VARIABLE in str(refused.value)
