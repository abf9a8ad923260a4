"""What the student said, cut into clauses that each ask or state one thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from scoring.domain.matching.forms import QUESTION, Form, Forms, forms_of, opens_question
from scoring.domain.matching.tokens import Token, ends_sentence, tokens_of
from scoring.domain.matching.vocabulary import REMEMBERED
from scoring.domain.transcript.model import Speaker, Utterance

LONG = 22  # words; a longer sentence is cut before the next question inside it
BACK_CHANNEL = 3  # words of another speaker, at most, that do not end a question (“mm-hmm”)
_NOT_TOLD = frozenset([Form.DENIED, Form.OMITTED])
_TOLD = frozenset([Form.MARKED, Form.ASKS])
_FILLERS = frozenset(["um", "uh", "uhm", "umm", "erm", "er", "ah", "oh", "ohh", "hmm", "mm", "mmm", "mhm"])
_ASSENT = frozenset(
    ["ok", "okay", "yeah", "yes", "yep", "no", "right", "alright", "all", "fine", "sure", "great", "good", "perfect",
     "i", "see", "so", "well", "and", "then", "now", "thank", "thanks", "you"]
)  # fmt: skip
_TITLES = frozenset(["dr", "mr", "mrs", "ms", "st", "prof", "vs"])


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of one utterance: `index` of the utterance in the sequence given, [start, end) in its text.

    stems, words: what is said, fillers and stutters left out; they may begin with the unfinished end of the student's
    turn before (`open_end` tells that this clause is such an end).
    """

    index: int
    start: int
    end: int
    stems: tuple[str, ...]
    words: tuple[str, ...]
    forms: Forms
    open_end: bool = False

    @property
    def is_question(self) -> bool:
        return not QUESTION.isdisjoint(self.forms)


def student_clauses(utterances: Sequence[Utterance], *, presented: bool = False) -> list[Clause]:
    """The student's clauses that can earn a question, in order.

    In a case presentation (`presented`) to report is to have asked, so every clause counts as a question unless it
    says that something was not asked.
    """
    said: list[Clause] = []
    for index, utterance in enumerate(utterances):
        if utterance.speaker is Speaker.STUDENT:
            found = clauses_of(utterance.text, index)
            if found and said and _goes_on(said[-1], index, utterances):
                found[0] = _joined(said[-1], found[0])
            said.extend(found)
    if presented:
        told = (clause for clause in said if _NOT_TOLD.isdisjoint(clause.forms))
        return [replace(clause, forms=_TOLD) for clause in told]
    return [clause for clause in said if Form.DENIED not in clause.forms or Form.MARKED in clause.forms]


def clauses_of(text: str, index: int = 0) -> list[Clause]:
    return [replace(clause, index=index) if index else clause for clause in _clauses_in(text)]


@lru_cache(maxsize=REMEMBERED)
def _clauses_in(text: str) -> tuple[Clause, ...]:
    """The clauses of an utterance, as those of the first one; kept, since students say much in the same words."""
    return tuple(_cut(text))


def _cut(text: str) -> Iterator[Clause]:
    for sentence in _sentences(text):
        end = _with_mark(text, sentence[-1].end)
        marked = text[end - 1] == "?"
        for words in _short_enough(sentence):
            kept = _without_stutter(words)
            if not _ASSENT.issuperset(token.word for token in kept):
                yield _clause(text, words, kept, marked=marked)


def _clause(text: str, words: list[Token], kept: list[Token], *, marked: bool) -> Clause:
    start, end = words[0].start, _with_mark(text, words[-1].end)
    said = tuple(token.word for token in kept)
    return Clause(
        index=0,
        start=start,
        end=end,
        stems=tuple(token.stem for token in kept),
        words=said,
        forms=forms_of(text[start:end], said, marked=marked),
        open_end=text[end - 1] not in ".?!" and not text[end:].strip(" \n,-–…"),
    )


def _goes_on(last: Clause, index: int, utterances: Sequence[Utterance]) -> bool:
    """Whether an unfinished clause is taken up again after nothing but a word of assent."""
    between = utterances[last.index + 1 : index]
    return last.open_end and len(between) <= 1 and all(len(u.text.split()) <= BACK_CHANNEL for u in between)


def _joined(begun: Clause, ended: Clause) -> Clause:
    forms = (begun.forms | ended.forms) - {Form.PLANS}
    return replace(ended, stems=begun.stems + ended.stems, words=begun.words + ended.words, forms=forms)


def _sentences(text: str) -> Iterator[list[Token]]:
    sentence: list[Token] = []
    for token in tokens_of(text):
        if sentence and ends_sentence(text[sentence[-1].end : token.start]) and not _is_abbreviation(sentence, text):
            yield sentence
            sentence = []
        sentence.append(token)
    if sentence:
        yield sentence


def _is_abbreviation(sentence: list[Token], text: str) -> bool:
    """“Dr.”, “Ms.” and “a.m.” end no sentence."""
    word = sentence[-1].word
    short = word in _TITLES or (len(word) == 1 and word != "i")
    return short and text[sentence[-1].end : sentence[-1].end + 1] == "."


def _short_enough(sentence: list[Token]) -> Iterator[list[Token]]:
    """A long sentence in pieces, each beginning where a new question seems to begin (speech has few full stops)."""
    if len(sentence) <= LONG:
        yield sentence
        return
    piece: list[Token] = []
    for position, token in enumerate(sentence):
        following = sentence[position + 1].word if position + 1 < len(sentence) else ""
        if len(piece) >= 2 * LONG or (len(piece) >= LONG // 2 and opens_question(token.word, following)):
            yield piece
            piece = []
        piece.append(token)
    yield piece


def _without_stutter(words: list[Token]) -> list[Token]:
    """Fillers and words said twice running are dropped, so that “how, how long” reads “how long”."""
    kept: list[Token] = []
    for token in words:
        if token.word not in _FILLERS and not (kept and kept[-1].word == token.word):
            kept.append(token)
    return kept


def _with_mark(text: str, end: int) -> int:
    return end + 1 if text[end : end + 1] in {"?", ".", "!"} else end
