"""Whose transcript a file is."""

from __future__ import annotations

import pytest

from feedback.domain.uploads.matching import CandidateMatcher, Listed

CLASS = [
    Listed(1, "S-1", "0417", "Ana Müller"),
    Listed(12, "S-12", "0007", "Ben Roe"),
    Listed(3, "u1234567", "9931", "Roe Ben Carter"),
    Listed(4, "ß9", "1111", ""),
]


@pytest.mark.parametrize(
    ("name", "student", "expected"),
    [
        pytest.param("S-1.txt", "", 1, id="the ID is the name"),
        pytest.param("s_12 final.vtt", "", 12, id="an ID with other punctuation and more words"),
        pytest.param("neuro_U1234567_take2.txt", "", 3, id="an ID inside"),
        pytest.param("0417.txt", "", 1, id="the code"),
        pytest.param("Station 3 - 0007.txt", "", 12, id="a code inside"),
        pytest.param("muller_ana.txt", "", 1, id="a name in another order without its accent"),
        pytest.param("Ana.txt", "", None, id="half a name is nobody"),
        pytest.param("Roe Ben Carter.txt", "", None, id="two names fit: nobody"),
        pytest.param("S-1 and S-12.txt", "", None, id="two IDs fit: nobody"),
        pytest.param("S-123.txt", "", None, id="an ID that only begins so"),
        pytest.param("row 2", "S-12", 12, id="an ID that the upload states"),
        pytest.param("S-1.txt", "S-99", None, id="a stated ID wins over the file's name"),
        pytest.param("recording.txt", "", None, id="nothing of the class"),
    ],
)
def test_a_file_is_its_candidates_when_one_alone_fits(name: str, student: str, expected: int | None) -> None:
    assert CandidateMatcher(CLASS).find(name, student) == expected


def test_an_empty_class_matches_nobody() -> None:
    assert CandidateMatcher([]).find("S-1.txt") is None
