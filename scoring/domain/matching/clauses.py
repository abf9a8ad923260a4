"""What the student said, cut into clauses, each with its form: is it a question, a statement, an announcement?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Flag, auto

from scoring.domain.matching.tokens import Token, ends_sentence, tokens_of
from scoring.domain.transcript.model import Speaker, Utterance

LONG = 22  # words; a longer sentence is cut before the next question inside it
_FILLERS = frozenset(["um", "uh", "uhm", "umm", "erm", "er", "ah", "oh", "ohh", "hmm", "mm", "mmm", "mhm"])
_TITLES = frozenset(["dr", "mr", "mrs", "ms", "st", "prof", "vs"])
_WH = frozenset(["what", "when", "where", "who", "which", "why", "how", "whereabouts", "whose", "whats", "hows"])
_AUXILIARY = frozenset(
    ["do", "does", "did", "have", "has", "had", "is", "are", "was", "were", "can", "could", "would", "will", "any",
     "don't", "doesn't", "didn't", "haven't", "hasn't", "isn't", "aren't", "anyone", "anybody", "anything", "should"]
)  # fmt: skip
_SUBJECT = frozenset(
    ["you", "your", "he", "she", "it", "they", "there", "the", "this", "that", "any", "anyone", "anybody", "anything",
     "these", "those", "his", "her", "their", "someone", "i", "we", "everything", "everyone", "either", "a", "not"]
)  # fmt: skip
_OPENER = frozenset(["ok", "okay", "and", "so", "right", "alright", "yeah", "no", "well", "but", "then", "now", "or",
                     "sure", "also", "just", "fine", "yes", "great", "good", "perfect", "sorry", "i", "see"])  # fmt: skip
_REQUEST = re.compile(
    r"\b(tell|describe|explain|talk me|walk me|talk to me|let me know|i(?: wou)?'?d like to (?:ask|know)|wondering"
    r"|i (?:want|wanted|need|just want|have) to (?:ask|know|check)|run me through|show me|point to|on a scale|how about|what about)\b",
    re.IGNORECASE,
)
_ASKING_VERB = (
    r"(?:ask|asking|asked|enquire|inquire|explore|explored|discuss|discussed|elicit|elicited|obtain|obtained|cover|"
    r"covered|check|checked|take|took|assess|assessed|go into|get into|need to know|bother)\b"
)
_NOT_ASKED = re.compile(
    r"\b(?:(?:will|would|shall|do|did|could|am|was|were|have|had|should)(?: not|n['’]?t)|won['’]?t|not going to|never)\s+"
    r"(?:\w+\s+){0,2}?" + _ASKING_VERB + r"|\bno need to " + _ASKING_VERB,
    re.IGNORECASE,
)
_OMITTED = re.compile(
    r"\b(?:forgot to|failed to|neglected to|omitted(?: to)?|skip(?:ped)?|without|unable to)\s+(?:\w+\s+){0,2}?"
    + _ASKING_VERB
    + r"|\b(?:need|want|have|going|like|plan|meant|intend|hope|should) (?:to |have )?(?:\w+ ){0,4}?ask(?:ed)?\b"
    + r"|(?:['’]ll|\bwill|\bwould) (?:\w+ ){0,3}?ask\b|\bran out of time\b"
    + r"|\bnot (?:yet )?(?:known|available|recorded|documented|elicited|explored|obtained)\b",
    re.IGNORECASE,
)
_PLAN = re.compile(
    r"\b(?:(?:we|i)(?:['’]ll| will| would like to|['’]d like to| can|['’]m going to|['’]re going to| are going to"
    r"| am going to| might| may| should| need to| want to)|you (?:should|need to|could|can|might|must)|i think"
    r"|it (?:could|might|may|sounds|looks|seems)|if you(?! were to)|when we|(?:we|i)(?:['’]re| are| am|['’]m) gonna|treatment|let['’]s|make sure|i(?:['’]m| am) sorry|take care|recommend)\b",
    re.IGNORECASE,
)


class Form(Flag):
    """How a clause is put; several may hold at once."""

    NONE = 0
    MARKED = auto()  # ends in a question mark
    ASKS = auto()  # is worded as a question or a request
    LISTS = auto()  # opens with “any …” or “no …”, as checklists are asked
    PLANS = auto()  # advises, plans or explains
    DENIED = auto()  # says that something is not or won't be asked
    OMITTED = auto()  # says that asking was forgotten; in an interview the question itself often follows
    CONFIRMS = auto()  # restates with “right?”, “you said …”


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of one utterance: `index` of the utterance in the sequence given, [start, end) in its text."""

    index: int
    start: int
    end: int
    stems: tuple[str, ...]
    words: tuple[str, ...]
    form: Form


_CONFIRM = re.compile(r"\b(?:right|correct|is that so|you (?:said|mentioned|told)|isn['’]?t it)\b", re.IGNORECASE)


def student_clauses(utterances: Sequence[Utterance], *, presented: bool = False) -> list[Clause]:
    """The student's clauses that can earn a question, in order.

    In a case presentation (`presented`) to report is to have asked, so every clause counts as a question unless it
    says that something was not asked.
    """
    said = [
        clause
        for index, utterance in enumerate(utterances)
        if utterance.speaker is Speaker.STUDENT
        for clause in clauses_of(utterance.text, index)
    ]
    if presented:
        return [replace(c, form=Form.MARKED | Form.ASKS) for c in said if not c.form & (Form.DENIED | Form.OMITTED)]
    return [c for c in said if Form.DENIED not in c.form or Form.MARKED in c.form]


def clauses_of(text: str, index: int = 0) -> Iterator[Clause]:
    for sentence in _sentences(text):
        marked = text[_with_mark(text, sentence[-1].end) - 1] == "?"
        for words in _short_enough(sentence):
            kept = _without_stutter(words)
            if kept:
                start, end = words[0].start, _with_mark(text, words[-1].end)
                stems, said = tuple(t.stem for t in kept), tuple(t.word for t in kept)
                form = _form(text[start:end], kept) | (Form.MARKED if marked else Form.NONE)
                yield Clause(index, start, end, stems, said, form)


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
    piece: list[Token] = []
    for position, token in enumerate(sentence):
        following = sentence[position + 1].word if position + 1 < len(sentence) else ""
        if len(piece) >= LONG // 2 and len(sentence) > LONG and _opens_question(token.word, following):
            yield piece
            piece = []
        piece.append(token)
        if len(piece) >= 2 * LONG:
            yield piece
            piece = []
    if piece:
        yield piece


def _opens_question(word: str, following: str) -> bool:
    return word in _WH or (word in _AUXILIARY and following in _SUBJECT)


def _without_stutter(words: list[Token]) -> list[Token]:
    """Fillers and words said twice running are dropped, so that “how, how long” reads “how long”."""
    kept: list[Token] = []
    for token in words:
        if token.word not in _FILLERS and not (kept and kept[-1].word == token.word):
            kept.append(token)
    return kept


def _with_mark(text: str, end: int) -> int:
    return end + 1 if text[end : end + 1] in {"?", ".", "!"} else end


def _form(text: str, words: list[Token]) -> Form:
    form = Form.NONE
    if _asks([token.word for token in words]) or _REQUEST.search(text):
        form |= Form.ASKS
    if _NOT_ASKED.search(text):
        form |= Form.DENIED
    if _OMITTED.search(text):
        form |= Form.OMITTED
    if _PLAN.search(text):
        form |= Form.PLANS
    if _CONFIRM.search(text):
        form |= Form.CONFIRMS
    head = next((t.word for t in words if t.word not in _OPENER), "")
    if head in {"any", "anything", "anyone", "anybody"} or (words[0].word == "no" and len(words) > 1):
        form |= Form.LISTS
    return form


def _asks(words: list[str]) -> bool:
    start = 0
    while start < len(words) and words[start] in _OPENER:
        start += 1
    if start < len(words) and words[start].split("'")[0] in _WH | _AUXILIARY:
        return True
    pairs = zip(words, words[1:], strict=False)
    return any((one in _AUXILIARY or one in _WH) and two in _SUBJECT for one, two in pairs)
