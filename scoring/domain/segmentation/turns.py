"""The encounter as the segmenter sees it: the turns that lead it, and what was answered before each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scoring.domain.segmentation.cues import CUES, SIGNPOSTS, Cue, lexicon
from scoring.domain.segmentation.words import words_of
from scoring.domain.transcript.model import Speaker, Utterance

SYMPTOM = "s."
_FINDING = (SYMPTOM, "x.")
_PRESENTING_TURNS = 4
_PRESENTING_SYSTEMS = 3
_REPEATED = 2


@dataclass(frozen=True, slots=True)
class Turn:
    """One leading turn.

    signposts: phrases that announce a section; found apart from the cues, whose longer phrases would hide them.
    answered: cues of what others said since the turn before, which is what a follow-up asks about.
    """

    words: tuple[str, ...]
    cues: tuple[Cue, ...]
    signposts: tuple[Cue, ...]
    answered: tuple[Cue, ...]
    asks: bool

    @property
    def cue_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(cue.name for cue in self.cues))

    @property
    def findings(self) -> frozenset[tuple[str, ...]]:
        """Symptoms, conditions and drugs it names, as phrases."""
        return _findings(self.cues)

    @property
    def answered_findings(self) -> frozenset[tuple[str, ...]]:
        return _findings(self.answered)

    @property
    def systems(self) -> tuple[str, ...]:
        """Body systems of the symptoms it mentions."""
        return tuple(name for name in self.cue_names if name.startswith(SYMPTOM))


def _findings(cues: Sequence[Cue]) -> frozenset[tuple[str, ...]]:
    return frozenset(cue.phrase for cue in cues if cue.name.startswith(_FINDING))


def leading_indexes(utterances: Sequence[Utterance]) -> tuple[int, ...]:
    """The utterances that decide the sections: the student's, else those of unknown speakers, else all."""
    for speaker in (Speaker.STUDENT, Speaker.UNKNOWN):
        led = tuple(index for index, utterance in enumerate(utterances) if utterance.speaker is speaker)
        if led:
            return led
    return tuple(range(len(utterances)))


def leading_turns(utterances: Sequence[Utterance], led: Sequence[int]) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    after = 0
    for index in led:
        answers = [cue for between in utterances[after:index] for cue in lexicon(CUES).find(words_of(between.text))]
        turns.append(_turn(utterances[index].text, tuple(answers)))
        after = index + 1
    return tuple(turns)


def _turn(text: str, answered: tuple[Cue, ...]) -> Turn:
    words = words_of(text)
    return Turn(words, lexicon(CUES).find(words), lexicon(SIGNPOSTS).find(words), answered, "?" in text)


def presenting_systems(turns: Sequence[Turn]) -> tuple[str, ...]:
    """Body systems of the presenting complaint: up to three that the opening exchanges name most.

    A system named once counts only when none is named twice.
    """
    counts = Counter(
        cue.name
        for turn in turns[:_PRESENTING_TURNS]
        for cue in (*turn.answered, *turn.cues)
        if cue.name.startswith(SYMPTOM)
    )
    ranked = counts.most_common()
    repeated = [name for name, count in ranked if count >= _REPEATED][:_PRESENTING_SYSTEMS]
    return tuple(repeated or [name for name, _ in ranked[:1]])
