"""What is measured of a conversation (docs/algorithms/communication.md gives each definition and its source)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from scoring.domain.conversation import Conversation, Sentence, sentences_of
from scoring.domain.cues import cues, plain_words, technical_terms
from scoring.domain.evidence import Evidence
from scoring.domain.lexicon import Hit, Token
from scoring.domain.segmentation.section import Section
from scoring.domain.summary import count_words
from scoring.domain.transcript.model import Speaker, Utterance

_ANSWER_TURNS = 2
_NEGATION_REACH = 3
_EXPLANATION_REACH = 4
_SHORTEST_RECAP = 8
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


class QuestionForm(StrEnum):
    OPEN = "open question"
    CLOSED = "closed question"
    NONE = "not a question"


def question_form(sentence: Sentence) -> QuestionForm:
    """Open: invites a free answer. Closed: yes, no or a fact. Without a question mark only its opening words decide.

    A question that sets out openly and ends on a choice (“What happened, did you fall?”) counts by how it sets out.
    """
    start = _after_fillers(sentence.tokens)
    hits = cues(*QuestionForm).find(sentence.tokens[start:])
    marked = sentence.text.rstrip("\"'”’) ").endswith("?")
    if not marked:
        opens = next((hit for hit in hits if hit.first == 0), None)
        return QuestionForm.NONE if opens is None else QuestionForm(opens.entry.table)
    asks = next((hit for hit in hits if hit.entry.table != QuestionForm.NONE), None)
    if asks is not None:
        return QuestionForm(asks.entry.table)
    return QuestionForm.NONE if hits or start == len(sentence.tokens) else QuestionForm.CLOSED


def _after_fillers(tokens: Sequence[Token]) -> int:
    start = 0
    while start < len(tokens):
        filler = next(iter(cues("filler").at(tokens, start)), None)
        if filler is None:
            break
        start = filler.last
    return start


def open_question_ratio(talk: Conversation) -> Measured:
    """Open questions / questions that the student put to the patient; 0 when none was put."""
    if not talk.patient:
        return NOTHING
    forms = [(sentence, question_form(sentence)) for sentence in talk.sentences]
    opened = [sentence.evidence for sentence, form in forms if form is QuestionForm.OPEN]
    closed = [sentence.evidence for sentence, form in forms if form is QuestionForm.CLOSED]
    total = len(opened) + len(closed)
    ratio = Fraction(len(opened), total) if total else Fraction(0)
    return Measured(ratio, len(opened), tuple(opened or closed))


def talk_share(talk: Conversation) -> Measured:
    """The student's share of the talking time with the patient; of the words when any turn lacks its times."""
    if not talk.patient:
        return NOTHING
    by_time = [_duration(utterance) for utterance in talk.turns]
    timed = None not in by_time and any(by_time)
    sizes = {u.turn: (_duration(u) or 0) if timed else count_words(u.text) for u in talk.turns}
    total = sum(sizes.values())
    share = Fraction(sum(sizes[u.turn] for u in talk.student), total) if total else None
    longest = sorted(talk.student, key=lambda u: (-sizes[u.turn], u.turn))[:_LONGEST_SHOWN]
    return Measured(share, None, tuple(Evidence(u.turn, 0, len(u.text)) for u in longest))


def _duration(utterance: Utterance) -> int | None:
    if utterance.start_ms is None or utterance.end_ms is None:
        return None
    return max(0, utterance.end_ms - utterance.start_ms)


def empathy_after_distress(talk: Conversation) -> Measured:
    """The share of the patient's expressions of distress that the student answers with empathy."""
    turns = talk.turns
    opportunities = _opportunities(turns)
    if not opportunities:
        return NOTHING
    answered: list[Evidence] = []
    missed: list[Evidence] = []
    for index in opportunities:
        replies = list(_replies(turns, index))
        empathic = next((span for reply in replies for span in _empathic_spans(reply)), None)
        if empathic is not None:
            answered.append(empathic)
        else:
            missed.extend(Evidence(reply.turn, 0, len(reply.text)) for reply in replies[:1])
    return Measured(Fraction(len(answered), len(opportunities)), len(answered), (*answered, *missed))


def _opportunities(turns: Sequence[Utterance]) -> list[int]:
    """Indexes of the patient's turns that voice distress; of a run that the student doesn't interrupt, the last."""
    found: list[int] = []
    for index, turn in enumerate(turns):
        if turn.speaker is Speaker.PATIENT and any(map(_voices_distress, sentences_of(turn))):
            if found and all(t.speaker is Speaker.PATIENT for t in turns[found[-1] : index]):
                found.pop()
            found.append(index)
    return found


def _voices_distress(sentence: Sentence) -> bool:
    hits = cues("distress", "not distress").find(sentence.tokens)
    return any(hit.entry.table == "distress" and not _negated(sentence.tokens, hit) for hit in hits)


def _negated(tokens: Sequence[Token], hit: Hit) -> bool:
    return bool(cues("negating").find(tokens[max(0, hit.first - _NEGATION_REACH) : hit.first]))


def _replies(turns: Sequence[Utterance], index: int) -> Iterator[Utterance]:
    """The student's next two turns, up to where the patient voices distress again: the second try is another one."""
    given = 0
    for turn in turns[index + 1 :]:
        if turn.speaker is Speaker.STUDENT:
            given += 1
            yield turn
        elif any(map(_voices_distress, sentences_of(turn))):
            return
        if given == _ANSWER_TURNS:
            return


def _empathic_spans(turn: Utterance) -> Iterator[Evidence]:
    for sentence in sentences_of(turn):
        if any(hit.entry.table == "empathy" for hit in cues("empathy", "not empathy").find(sentence.tokens)):
            yield sentence.evidence


def jargon(talk: Conversation) -> Measured:
    """Technical terms, each counted once, that the student neither explains nor takes over from the patient."""
    if not talk.patient:
        return NOTHING
    known: set[str] = set()
    unexplained: list[Evidence] = []
    for turn in talk.turns:
        for sentence in sentences_of(turn):
            for hit in technical_terms().find(sentence.tokens):
                fresh = hit.entry.name not in known
                known.add(hit.entry.name)
                if fresh and turn.speaker is Speaker.STUDENT and not _explained(sentence, hit):
                    unexplained.append(sentence.span(hit))
    return _counted(unexplained)


def _explained(sentence: Sentence, hit: Hit) -> bool:
    before, after = sentence.tokens[: hit.first], sentence.tokens[hit.last :]
    near = (before[-_EXPLANATION_REACH:], after[:_EXPLANATION_REACH])
    if any(cues("explaining").find(words) for words in near):
        return True
    return any(plain_words(hit.entry.name).find(words) for words in (before, after))


def summarising_back(talk: Conversation, recapped: frozenset[int]) -> Measured:
    """Times the student tells the patient back what was heard; turns on end are one time.

    recapped: turns that the segmentation labelled as a summary.
    """
    if not talk.patient:
        return NOTHING
    found: list[Evidence] = []
    running = False
    for turn in talk.student:
        span = _recap(turn, in_summary=turn.turn in recapped)
        if span is not None and not running:
            found.append(span)
        running = span is not None
    return _counted(found)


def _recap(turn: Utterance, *, in_summary: bool) -> Evidence | None:
    if count_words(turn.text) < _SHORTEST_RECAP:
        return None
    if in_summary:
        return Evidence(turn.turn, 0, len(turn.text))
    return next((s.evidence for s in sentences_of(turn) if cues("recap").find(s.tokens)), None)


def summary_turns(utterances: Sequence[Utterance], sections: Sequence[Section | None]) -> frozenset[int]:
    return frozenset(u.turn for u, section in zip(utterances, sections, strict=True) if section is Section.SUMMARY)


def transitions(talk: Conversation) -> Measured:
    """Sentences in which the student tells the patient where the interview goes next."""
    if not talk.patient:
        return NOTHING
    return _counted([s.evidence for s in talk.sentences if cues("signpost").find(s.tokens)])


def _counted(evidence: Sequence[Evidence]) -> Measured:
    return Measured(Fraction(len(evidence)), len(evidence), tuple(evidence))
