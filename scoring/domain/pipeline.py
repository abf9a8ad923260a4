"""From a transcript to a result: the one path that every door takes (docs/architecture.md draws it).

Pure: the same rubric, inputs and engine version give the same bytes, on any machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from rubrics.domain.canonical import canonical_sha256, text_sha256
from rubrics.domain.document import RubricDocument
from rubrics.domain.identity import content_sha256
from rubrics.domain.vocabulary import wordings_of
from scoring.domain.citations import Citer, Sources
from scoring.domain.communication import score_communication
from scoring.domain.engine import STANDARD, Engine
from scoring.domain.key_questions import score_key_questions
from scoring.domain.matching import matcher_with
from scoring.domain.matching.model import Question, QuestionMatch
from scoring.domain.overall import score_overall
from scoring.domain.reasoning import score_reasoning
from scoring.domain.report.conclusion import communication_detail, reasoning_detail, summary_detail
from scoring.domain.report.history import key_questions_detail, structure_detail
from scoring.domain.report.overview import breakdown, rounded_scores, transcript_detail, warning_entries
from scoring.domain.result import DetailedResults, Fingerprint, GradingResult
from scoring.domain.segmentation import label_sections
from scoring.domain.segmentation.section import Section
from scoring.domain.structure import score_structure
from scoring.domain.summary import score_summary, summary_source
from scoring.domain.transcript import parse_transcript, require_gradable
from scoring.domain.transcript.model import Transcript, Utterance


@dataclass(frozen=True, slots=True)
class SubmissionInputs:
    """Everything of a submission that the grade depends on. summary_text None: none was handed in."""

    oral_transcript: str
    summary_text: str | None = None
    format: str | None = None
    speaker_map: Mapping[str, str] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        return canonical_sha256(
            {
                "text": self.oral_transcript,
                "summary_text": self.summary_text,
                "format": self.format,
                "speaker_map": dict(self.speaker_map),
            }
        )


@dataclass(frozen=True, slots=True)
class Graded:
    """result: what is digested. sources: what feedback may quote."""

    result: GradingResult
    sources: Sources


def grade(rubric: RubricDocument, inputs: SubmissionInputs, engine: Engine = STANDARD) -> Graded:
    """Grade one submission. What is stored is graded by `scoring.school.school_engine()`.

    Raises Malformed, TooLarge or UnsupportedFormat for input that can't be read, Ungradable without student speech.
    """
    judged = judge_submission(rubric, inputs, engine)
    return Graded(judged.result.with_digest(), judged.sources)


def judge_submission(rubric: RubricDocument, inputs: SubmissionInputs, engine: Engine) -> Graded:
    """What `grade` gives, without the digest: for results that are compared and thrown away. Never store one."""
    transcript = parse_transcript(inputs.oral_transcript, format=inputs.format, speaker_map=inputs.speaker_map)
    require_gradable(transcript)
    sections = label_sections(transcript.utterances)
    sources = _sources(rubric, transcript, sections, inputs.summary_text)
    scores, details = _components(rubric, engine, transcript, sections, Citer(sources))
    overall = score_overall(scores, rubric.weights.model_dump())
    result = GradingResult(
        rubric_id=rubric.rubric_id,
        rubric_version=rubric.version,
        overall_score=rounded_scores({"overall": overall.score})["overall"],
        component_scores=rounded_scores(scores),
        score_breakdown=breakdown(overall),
        detailed_results=details,
        warnings=warning_entries(transcript),
        fingerprint=_fingerprint(rubric, inputs, engine),
    )
    return Graded(result, sources)


def _sources(
    rubric: RubricDocument,
    transcript: Transcript,
    sections: Sequence[Section | None],
    summary_text: str | None,
) -> Sources:
    judged = summary_source(transcript.utterances, sections, summary_text)
    return Sources(
        rubric_id=rubric.rubric_id,
        anchors=frozenset(anchor for _, anchor in rubric.anchors()),
        transcript=transcript,
        summary_text=summary_text,
        summary_tokens=judged.tokens,
    )


def _components(
    rubric: RubricDocument,
    engine: Engine,
    transcript: Transcript,
    sections: Sequence[Section | None],
    citer: Citer,
) -> tuple[dict[str, Fraction], DetailedResults]:
    utterances, summary_text = transcript.utterances, citer.sources.summary_text
    structure = score_structure(rubric.structure, utterances, sections)
    matches = _match(rubric, engine, utterances, sections)
    asked = {item: match.asked for item, match in matches.items()}
    coverage = score_key_questions(rubric.key_questions, rubric.key_questions_policy, asked)
    reasoning = score_reasoning(rubric.reasoning, utterances, sections, summary_text)
    summary = score_summary(rubric.summary, utterances, sections, summary_text)
    communication = score_communication(rubric.communication, utterances, sections)
    scores = {
        "structure": structure.score,
        "key_questions": coverage.score,
        "reasoning": reasoning.score,
        "summary": summary.score,
        "communication": communication.score,
    }
    return scores, DetailedResults(
        structure=structure_detail(structure, rubric.structure, citer),
        key_questions=key_questions_detail(coverage, matches, rubric.key_questions, rubric.key_questions_policy, citer),
        reasoning=reasoning_detail(reasoning, citer),
        summary=summary_detail(summary, rubric.summary, citer),
        communication=communication_detail(communication, citer),
        transcript=transcript_detail(transcript, sections),
    )


def _match(
    rubric: RubricDocument, engine: Engine, utterances: Sequence[Utterance], sections: Sequence[Section | None]
) -> dict[str, QuestionMatch]:
    questions = [Question(q.id, q.anchor, q.label, tuple(q.phrases), critical=q.critical) for q in rubric.key_questions]
    threshold = rubric.key_questions_policy.matching_threshold
    match = matcher_with((*engine.school, *wordings_of(rubric.vocabulary)))
    matches = match(questions, utterances, sections, threshold)
    return {match.question_id: match for match in matches}


def _fingerprint(rubric: RubricDocument, inputs: SubmissionInputs, engine: Engine) -> Fingerprint:
    return Fingerprint(
        transcript_sha256=text_sha256(inputs.oral_transcript),
        inputs_sha256=inputs.sha256,
        rubric_version=rubric.version,
        rubric_sha256=content_sha256(rubric),
        engine_version=engine.version,
        digest="",
    )
