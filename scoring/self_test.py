"""Does the engine work in this process? Each check uses the part on a line that it can't get wrong if it is loaded."""

from __future__ import annotations

from rubrics.domain.document import Communication
from scoring.domain.communication import score_communication
from scoring.domain.findings import Polarity, distinct_findings
from scoring.domain.matching import match_questions
from scoring.domain.matching.model import Question
from scoring.domain.segmentation import Section, label_sections
from scoring.domain.transcript import parse_transcript

_INTERVIEW = "Student: What brings you in today?\nPatient: My chest hurts.\nStudent: Do you smoke?\nPatient: No."
_QUESTION = Question("smoking", "#Q.smoking", "Do you smoke?", ("do you smoke",))


class EngineBroken(Exception):
    """The part answered, and wrongly: its data must be damaged or mismatched. Reinstall; do not grade."""


def check_engine() -> None:
    """Use every part once. A process that does so as it starts answers its first request as fast as any other, and one
    whose data is missing or damaged stops before it could grade."""
    utterances = parse_transcript(_INTERVIEW).utterances
    for check in (check_transcripts, check_sections, check_questions, check_findings):
        check()
    score_communication(Communication(), utterances, label_sections(utterances))


def check_transcripts() -> str:
    return _expect(len(parse_transcript(_INTERVIEW).utterances) == 4, "reads a transcript")  # noqa: PLR2004


def check_sections() -> str:
    labels = label_sections(parse_transcript(_INTERVIEW).utterances)
    return _expect(labels[0] is Section.CC, "recognises an opening question")


def check_questions() -> str:
    utterances = parse_transcript(_INTERVIEW).utterances
    (match,) = match_questions([_QUESTION], utterances, label_sections(utterances))
    return _expect(match.asked and match.evidence is not None, "recognises a question in its own words")


def check_findings() -> str:
    return _expect(bool(distinct_findings("She denies fever.", Polarity.NEGATED)), "recognises a negated finding")


def _expect(condition: bool, ability: str) -> str:
    if not condition:
        raise EngineBroken(f"The engine no longer {ability}: reinstall it, and grade nothing until then.")
    return ability
