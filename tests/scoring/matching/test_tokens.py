"""Words that mean the same compare equal, others do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.matching.tokens import stem, tokens_of

SAME = [
    ("smoking", "smokes"), ("smoked", "smoke"), ("diarrhoea", "diarrhea"), ("haemoptysis", "hemoptysis"),
    ("oedema", "edema"), ("anaemia", "anemia"), ("tumour", "tumors"), ("breathing", "breath"), ("dizziness", "dizzy"),
    ("took", "taking"), ("worst", "worst"), ("hospitalised", "hospitalizations"), ("swollen", "swelling"),
    ("travelled", "traveling"), ("stopped", "stop"), ("it's", "it"), ("allergies", "allergy"), ("coeliac", "celiac"),
    ("colour", "color"), ("paediatric", "pediatric"), ("stiffness", "stiff"), ("ate", "eating"), ("mum", "mother"),
]  # fmt: skip
DIFFERENT = [
    ("mi", "family"),
    ("bite", "bit"),
    ("cane", "can"),
    ("plane", "plan"),
    ("ill", "illness"),
    ("urine", "urge"),
]


@pytest.mark.parametrize(("one", "other"), SAME, ids=["-".join(pair) for pair in SAME])
def test_forms_of_one_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT, ids=["-".join(pair) for pair in DIFFERENT])
def test_other_words_keep_other_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@given(st.text(max_size=200))
def test_every_token_stands_where_it_says(text: str) -> None:
    end = 0
    for token in tokens_of(text):
        assert token.start >= end
        assert text[token.start : token.end].lower().replace("’", "'") == token.word
        end = token.end
