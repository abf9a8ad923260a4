"""Which label candidates of a file are speakers: decided over the whole file, because one line can't tell.

“Priya: …” on forty lines is a speaker, “Headache: …” once is not; in a file whose every line has a label, a single
“Kim: …” is a speaker too, for losing it would put Kim's words in another's mouth without a trace.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from scoring.domain.transcript.labels import LabelKind
from scoring.domain.transcript.line_scan import LabelCandidate, ScannedLine, Separator

_ALWAYS = (LabelKind.ROLE, LabelKind.DIARISED)
_KNOWN = (*_ALWAYS, LabelKind.LETTER, LabelKind.FAMILY)
_NAMED = (LabelKind.PERSON, LabelKind.TITLED, LabelKind.NAME)
_FIRM = (Separator.COLON, Separator.TIME)
_SOAP = frozenset("soap")
_RECURRING = 2
_MOSTLY = 0.6
_NEARLY_ALWAYS = 0.8


@dataclass(frozen=True, slots=True)
class LabelPolicy:
    """What is known of a file's labels.

    mapped: keys of labels that a person has named; they are speakers wherever they stand.
    counts: how often each key stands before a colon or time; of_separator: known labels by separator.
    is_dialogue: at least two known labels; every_line: they begin most lines.
    names_have_times: most timed lines have a name too. saturated: nearly all lines begin with something like a label.
    soap_note: S, O, A and P are its headings.
    """

    mapped: frozenset[str]
    counts: Counter[str]
    of_separator: Counter[Separator]
    is_dialogue: bool
    every_line: bool
    names_have_times: bool
    saturated: bool
    soap_note: bool

    def accepts(self, candidate: LabelCandidate, *, timed: bool, after_time_line: bool, text_starts: str) -> bool:
        """Whether a candidate is a speaker's label.

        timed: its line has a time. after_time_line: the line before is a time alone. text_starts: its first character.
        """
        if candidate.key in self.mapped:
            return True
        if self.soap_note and candidate.key in _SOAP:
            return False
        recurring = self.counts[candidate.key] >= _RECURRING
        if candidate.separator not in _FIRM:
            return self._accepts_loose(candidate, recurring=recurring, timed=timed, after_time_line=after_time_line)
        in_its_place = timed or ((self.every_line or self.saturated) and not text_starts.isdigit())
        verdicts: dict[LabelKind, bool] = {
            LabelKind.ROLE: True,
            LabelKind.DIARISED: True,
            LabelKind.LETTER: True,
            LabelKind.FAMILY: recurring or timed,
            LabelKind.PERSON: recurring or timed or self.is_dialogue,
            LabelKind.TITLED: recurring or timed or self.is_dialogue,
            LabelKind.NAME: recurring or (in_its_place and self.has_names),
            LabelKind.OTHER: recurring and (timed or self.saturated),
            LabelKind.NONE: False,
        }
        return verdicts[candidate.reading.kind]

    @property
    def has_names(self) -> bool:
        return self.is_dialogue or self.names_have_times or self.saturated

    def _accepts_loose(self, candidate: LabelCandidate, *, recurring: bool, timed: bool, after_time_line: bool) -> bool:
        """Separators that speech uses too: a dash, a tab, brackets, the end of the line."""
        kind = candidate.reading.kind
        established = self.of_separator[candidate.separator] >= _RECURRING
        if candidate.separator is Separator.BRACKET:
            return kind in _ALWAYS
        if kind in _KNOWN:
            return established or (timed and candidate.separator is Separator.TAB)
        if candidate.separator is Separator.TAB:
            return recurring and (established or timed)
        return candidate.separator is Separator.LINE_END and after_time_line and recurring and kind in _NAMED


def label_policy(lines: Sequence[ScannedLine], mapped: Collection[str]) -> LabelPolicy:
    """Take stock of a file's label candidates. `mapped` holds label keys."""
    candidates = [line.candidate for line in lines if line.candidate]
    firm = [c for c in candidates if c.separator in _FIRM]
    known = sum(1 for c in firm if c.reading.kind in _KNOWN or c.key in mapped)
    plausible = Counter(c.key for c in firm if c.reading.kind is not LabelKind.NONE)
    return LabelPolicy(
        mapped=frozenset(mapped),
        counts=Counter(c.key for c in candidates),
        of_separator=Counter(c.separator for c in candidates if c.reading.kind in _KNOWN),
        is_dialogue=known >= _RECURRING,
        every_line=known >= _RECURRING and known >= _MOSTLY * len(lines),
        names_have_times=_names_have_times(lines),
        saturated=len(plausible) >= _RECURRING and sum(plausible.values()) >= _NEARLY_ALWAYS * len(lines),
        soap_note=_is_soap_note(firm),
    )


def _names_have_times(lines: Sequence[ScannedLine]) -> bool:
    timed = [line.candidate for line in lines if line.times or (line.candidate and line.candidate.times)]
    named = sum(1 for c in timed if c and c.separator in _FIRM and c.reading.kind in (*_KNOWN, *_NAMED))
    return named >= _RECURRING and named >= _MOSTLY * len(timed)


def _is_soap_note(candidates: Sequence[LabelCandidate]) -> bool:
    """Subjective, objective, assessment, plan: S and P are no student and patient there."""
    letters = Counter(c.key for c in candidates if len(c.key) == 1)
    return letters.keys() >= _SOAP and letters["s"] <= letters["o"] * 2
