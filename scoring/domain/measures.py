"""What is measured of a conversation (docs/algorithms/communication.md gives each definition and its source)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from scoring.domain.conversation import Conversation, Sentence, Turn
from scoring.domain.cues import cues, plain_words, technical_terms
from scoring.domain.evidence import Evidence
from scoring.domain.lexicon import Hit, Token
from scoring.domain.summary import count_words
from scoring.domain.transcript.model import Utterance

_TOLD = re.compile(r",\s*(?:ok|okay|alright|all right)\s*\?\W*$", re.IGNORECASE)
"""“We will take some blood, okay?” tells, and asks for leave at most."""

_REQUEST = "invitation"
_AT_START = "told"
_ANSWER_TURNS = 2
_NEGATION_REACH = 3
_EXPLANATION_REACH = 4
_SHORTEST_RECAP = 12
_LONGEST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """value: a ratio in [0, 1] or a count, None when there was nothing to measure. count: what was counted.

    evidence: what was counted; for a ratio, then what was looked at in vain.
    """

    value: Fraction | None
    count: int | None
    evidence: tuple[Evidence, ...] = ()


NOTHING = Measured(None, None)


def _counted(evidence: Sequence[Evidence]) -> Measured:
    return Measured(Fraction(len(evidence)), len(evidence), tuple(evidence))


class QuestionForm(StrEnum):
    """Tables of data/communication.txt."""

    OPEN = "open question"
    CLOSED = "closed question"
    NONE = "not a question"


_FORMS = tuple(form.value for form in QuestionForm)


def question_form(sentence: Sentence, *, punctuated: bool = True) -> QuestionForm:
    """Open: invites a free answer. Closed: yes, no or a fact. The first cue decides: “What happened, did you fall?”
    sets out openly.

    punctuated: the transcript writes question marks, so that without one only a request (“Tell me …”) is a question;
    otherwise the words that open the sentence tell.
    """
    start = _after_fillers(sentence.tokens)
    hits = cues(*_FORMS).find(sentence.tokens[start:])
    if not sentence.text.rstrip("\"'”’) ").endswith("?"):
        first = next((hit for hit in hits if hit.first == 0), None)
        asks = first is not None and (first.entry.name == _REQUEST or not punctuated)
        return QuestionForm(first.entry.table) if first and asks else QuestionForm.NONE
    cue = next((hit for hit in hits if hit.entry.table != QuestionForm.NONE), None)
    if cue is not None:
        return QuestionForm(cue.entry.table)
    said = len(sentence.tokens) - start - sum(hit.last - hit.first for hit in hits)
    return QuestionForm.CLOSED if said and not _TOLD.search(sentence.text) else QuestionForm.NONE


def _after_fillers(tokens: Sequence[Token]) -> int:
    fillers = cues("filler")
    start = 0
    while start < len(tokens) and (filler := fillers.longest(tokens, start)):
        start = filler.last
    return start


def open_question_ratio(talk: Conversation) -> Measured:
    """Open questions / questions that the student put to the patient; 0 when none was put."""
    if not talk:
        return NOTHING
    punctuated = any("?" in turn.utterance.text for turn in talk.student)
    forms = [(sentence, question_form(sentence, punctuated=punctuated)) for sentence in talk.sentences]
    opened = tuple(sentence.evidence for sentence, form in forms if form is QuestionForm.OPEN)
    closed = tuple(sentence.evidence for sentence, form in forms if form is QuestionForm.CLOSED)
    total = len(opened) + len(closed)
    return Measured(Fraction(len(opened), total) if total else Fraction(0), len(opened), opened or closed)


def talk_share(talk: Conversation) -> Measured:
    """The student's share of the talking time with the patient; of the words, when any turn lacks its times."""
    if not talk:
        return NOTHING
    times = [_duration(turn.utterance) for turn in talk.turns]
    timed = [time for time in times if time is not None]
    by_time = len(timed) == len(times) and any(timed)
    sizes = timed if by_time else [count_words(turn.utterance.text) for turn in talk.turns]
    students = [(size, turn) for size, turn in zip(sizes, talk.turns, strict=True) if turn.by_student]
    total = sum(sizes)
    share = Fraction(sum(size for size, _ in students), total) if total else None
    longest = sorted(students, key=lambda sized: (-sized[0], sized[1].utterance.turn))[:_LONGEST_SHOWN]
    return Measured(share, None, tuple(turn.evidence for _, turn in longest))


def _duration(utterance: Utterance) -> int | None:
    """Milliseconds."""
    if utterance.start_ms is None or utterance.end_ms is None:
        return None
    return max(0, utterance.end_ms - utterance.start_ms)


def empathy_after_distress(talk: Conversation) -> Measured:
    """The share of the patient's expressions of distress that the student answers with empathy."""
    distressed = [not turn.by_student and any(map(_voices_distress, turn.sentences)) for turn in talk.turns]
    opportunities = list(_opportunities(talk.turns, distressed))
    if not opportunities:
        return NOTHING
    answered: list[Evidence] = []
    missed: list[Evidence] = []
    for index in opportunities:
        replies = list(_replies(talk.turns, distressed, index))
        empathic = next((s.evidence for reply in replies for s in reply.sentences if _is_empathic(s)), None)
        if empathic is not None:
            answered.append(empathic)
        else:
            missed.extend(reply.evidence for reply in replies[:1])
    return Measured(Fraction(len(answered), len(opportunities)), len(answered), (*answered, *missed))


def _opportunities(turns: Sequence[Turn], distressed: Sequence[bool]) -> Iterator[int]:
    """Indexes of the patient's turns that voice distress; of a run without a word of the student, the last.

    What the student never spoke after could not be answered, and is none.
    """
    pending: int | None = None
    for index, turn in enumerate(turns):
        if turn.by_student and pending is not None:
            yield pending
            pending = None
        elif distressed[index]:
            pending = index


def _voices_distress(sentence: Sentence) -> bool:
    hits = cues("distress", "not distress").find(sentence.tokens)
    return any(hit.entry.table == "distress" and not _negated(sentence.tokens, hit) for hit in hits)


def _negated(tokens: Sequence[Token], hit: Hit) -> bool:
    return bool(cues("negating").find(tokens[max(0, hit.first - _NEGATION_REACH) : hit.first]))


def _replies(turns: Sequence[Turn], distressed: Sequence[bool], index: int) -> Iterator[Turn]:
    """The student's next two turns, up to where the patient voices distress again: what follows answers that."""
    given = 0
    for turn, again in zip(turns[index + 1 :], distressed[index + 1 :], strict=True):
        if again or given == _ANSWER_TURNS:
            return
        if turn.by_student:
            given += 1
            yield turn


def _is_empathic(sentence: Sentence) -> bool:
    return any(hit.entry.table == "empathy" for hit in cues("empathy", "not empathy").find(sentence.tokens))


def jargon(talk: Conversation) -> Measured:
    """Technical terms, each counted once, that the student neither explains nor takes over from the patient."""
    if not talk:
        return NOTHING
    known: set[str] = set()
    unexplained: list[Evidence] = []
    for turn in talk.turns:
        for sentence in turn.sentences:
            for hit in technical_terms().find(sentence.tokens):
                fresh = hit.entry.name not in known
                known.add(hit.entry.name)
                if fresh and turn.by_student and not _explained(sentence, hit):
                    unexplained.append(sentence.span(hit))
    return _counted(unexplained)


def _explained(sentence: Sentence, hit: Hit) -> bool:
    """By its plain word in the same sentence, or by a phrase that explains close by."""
    before, after = sentence.tokens[: hit.first], sentence.tokens[hit.last :]
    near = (before[-_EXPLANATION_REACH:], after[:_EXPLANATION_REACH])
    if any(cues("explaining").find(words) for words in near):
        return True
    return any(plain_words(hit.entry.name).find(words) for words in (before, after))


def summarising_back(talk: Conversation, recapped: frozenset[int]) -> Measured:
    """Times the student tells the patient back what was heard; the student's turns on end are one time.

    recapped: turns that the segmentation labelled as a summary.
    """
    if not talk:
        return NOTHING
    found: list[Evidence] = []
    running = False
    for turn in talk.student:
        span = _recap(turn, in_summary=turn.utterance.turn in recapped)
        if span is not None and not running:
            found.append(span)
        running = span is not None
    return _counted(found)


def _recap(turn: Turn, *, in_summary: bool) -> Evidence | None:
    if count_words(turn.utterance.text) < _SHORTEST_RECAP:
        return None
    if in_summary:
        return turn.evidence
    return next((sentence.evidence for sentence in turn.sentences if _recaps(sentence)), None)


def _recaps(sentence: Sentence) -> bool:
    start = _after_fillers(sentence.tokens)
    hits = cues("recap", "not recap").find(sentence.tokens)
    return any(hit.entry.table == "recap" and (hit.entry.name != _AT_START or hit.first <= start) for hit in hits)


def transitions(talk: Conversation) -> Measured:
    """Sentences in which the student tells the patient where the interview goes next."""
    if not talk:
        return NOTHING
    return _counted([sentence.evidence for sentence in talk.sentences if _signposts(sentence)])


def _signposts(sentence: Sentence) -> bool:
    return any(hit.entry.table == "signpost" for hit in cues("signpost", "not signpost").find(sentence.tokens))
