"""Structure and key questions as entries of the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rubrics.domain.document import KeyQuestion, KeyQuestionsPolicy, Structure, StructurePenalty
from scoring.domain.citations import Citer
from scoring.domain.key_questions import Coverage, question_weight
from scoring.domain.matching.model import QuestionMatch
from scoring.domain.overall import four_places
from scoring.domain.result import (
    CoverageViolationEntry,
    KeyQuestionsDetail,
    PenaltyEntry,
    QuestionEntry,
    SectionRun,
    StructureDetail,
    StructureViolationEntry,
)
from scoring.domain.structure import Run, StructureScore, StructureViolation, ViolationKind
from scoring.domain.terms import Severity


def structure_detail(score: StructureScore, structure: Structure, citer: Citer) -> StructureDetail:
    return StructureDetail(
        score=four_places(score.score),
        expected_order=tuple(structure.expected_order),
        detected_order=score.detected_order,
        lcs_length=len(score.in_order),
        runs=tuple(_run(run, score.in_order, structure.anchor, citer) for run in score.runs),
        penalties=tuple(_penalty(penalty, score, citer) for penalty in structure.penalties),
        violations=tuple(_violation(violation, structure.anchor, citer) for violation in score.violations),
    )


def _quoted_turn(run: Run) -> int:
    """The student's first words in the run, or its first turn where only others speak."""
    return run.student_turns[0] if run.student_turns else run.first_turn


def _run(run: Run, in_order: Sequence[Run], anchor: str, citer: Citer) -> SectionRun:
    cited = citer.turns(anchor, run.first_turn, run.last_turn, _quoted_turn(run))
    return SectionRun(
        section=run.label,
        first_turn=run.first_turn,
        last_turn=run.last_turn,
        in_order=run in in_order,
        citations=cited.citations,
        evidence=cited.evidence,
    )


def _penalty(penalty: StructurePenalty, score: StructureScore, citer: Citer) -> PenaltyEntry:
    violation = next((v for v in score.violations if v.penalty is not None and v.penalty.id == penalty.id), None)
    run = None if violation is None else violation.run
    cited = (
        citer.cite(penalty.anchor)
        if run is None
        else citer.turns(penalty.anchor, run.first_turn, run.last_turn, _quoted_turn(run))
    )
    return PenaltyEntry(
        id=penalty.id,
        description=penalty.description,
        value=four_places(penalty.value),
        applied=any(applied.id == penalty.id for applied in score.applied_penalties),
        citations=cited.citations,
        evidence=cited.evidence,
    )


def _violation(violation: StructureViolation, component_anchor: str, citer: Citer) -> StructureViolationEntry:
    anchor = component_anchor if violation.penalty is None else violation.penalty.anchor
    run = violation.run
    cited = citer.cite(anchor) if run is None else citer.turns(anchor, run.first_turn, run.last_turn, _quoted_turn(run))
    return StructureViolationEntry(
        kind="missing_section" if violation.kind is ViolationKind.MISSING else "inversion",
        section=violation.section,
        before=violation.before,
        penalty_id=None if violation.penalty is None else violation.penalty.id,
        severity=Severity.MAJOR if violation.kind is ViolationKind.MISSING else Severity.MINOR,
        citations=cited.citations,
        evidence=cited.evidence,
    )


def key_questions_detail(
    coverage: Coverage,
    matches: Mapping[str, QuestionMatch],
    questions: Sequence[KeyQuestion],
    policy: KeyQuestionsPolicy,
    citer: Citer,
) -> KeyQuestionsDetail:
    return KeyQuestionsDetail(
        score=four_places(coverage.score),
        coverage=four_places(coverage.score),
        coverage_threshold=four_places(policy.coverage_threshold),
        questions=tuple(_question(q, matches[q.id], policy, citer) for q in questions),
        violations=_coverage_violations(coverage, policy, citer),
    )


def _question(question: KeyQuestion, match: QuestionMatch, policy: KeyQuestionsPolicy, citer: Citer) -> QuestionEntry:
    # A near miss of a question that was not asked is no evidence of anything; only what is credited is quoted,
    # and what is too close to call, so that faculty can decide.
    shown = match.evidence if match.asked or match.uncertain else None
    cited = citer.cite(question.anchor, [] if shown is None else [shown])
    return QuestionEntry(
        id=question.id,
        label=question.label,
        critical=question.critical,
        weight=four_places(question_weight(question, policy)),
        asked=match.asked,
        uncertain=match.uncertain,
        confidence=four_places(match.confidence),
        matching_phrase=None if shown is None else match.matching_phrase,
        citations=cited.citations,
        evidence=cited.evidence,
    )


def _coverage_violations(
    coverage: Coverage, policy: KeyQuestionsPolicy, citer: Citer
) -> tuple[CoverageViolationEntry, ...]:
    if not coverage.below_threshold:
        return ()
    cited = citer.cite(policy.anchor)
    return (
        CoverageViolationEntry(
            coverage=four_places(coverage.score),
            threshold=four_places(policy.coverage_threshold),
            severity=Severity.MAJOR,
            citations=cited.citations,
            evidence=cited.evidence,
        ),
    )
