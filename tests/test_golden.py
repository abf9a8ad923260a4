"""Golden gradings of every sample interview: a change of results shows as a diff that a person can read.

`make golden` writes them anew. Read the diff, and raise ENGINE_VERSION when results changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from feedback.domain.compose import Feedback, compose_feedback
from rubrics.domain.document import rubric_from_json
from scoring.domain.citations import Cited
from scoring.domain.pipeline import SubmissionInputs, grade
from scoring.domain.result import GradingResult, QuestionEntry
from scoring.domain.terms import Style

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "rubrics" / "library"
GOLDEN = ROOT / "tests" / "golden"
SAMPLES = sorted(path for path in LIBRARY.glob("samples/*/*.txt") if not path.name.endswith(".summary.txt"))


def sample_id(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def sample_inputs(path: Path) -> SubmissionInputs:
    written = path.with_suffix(".summary.txt")
    return SubmissionInputs(
        oral_transcript=path.read_text(encoding="utf-8"),
        summary_text=written.read_text(encoding="utf-8") if written.exists() else None,
    )


def graded_text(path: Path) -> str:
    rubric = rubric_from_json((LIBRARY / f"{path.parent.name}.json").read_bytes())
    graded = grade(rubric, sample_inputs(path))
    feedback = compose_feedback(graded.result, rubric, graded.sources, Style.CONSTRUCTIVE)
    assert feedback.rejected == ()
    return "\n".join([*scores(graded.result), *verdicts(graded.result), *said(feedback)]) + "\n"


def scores(result: GradingResult) -> Iterator[str]:
    yield f"{result.rubric_id} {result.rubric_version}, engine {result.fingerprint.engine_version}"
    yield f"digest {result.fingerprint.digest}"
    yield f"overall {result.overall_score}"
    yield from (f"{name} {score}" for name, score in result.component_scores.items())
    yield from (f"warning {warning.code}" for warning in result.warnings)
    yield f"detected {' '.join(result.detailed_results.structure.detected_order)}"


def verdicts(result: GradingResult) -> Iterator[str]:
    details = result.detailed_results
    yield "\n## Key questions"
    yield from (f"{verdict(q):<9} {q.confidence} {q.id}{where(q)}" for q in details.key_questions.questions)
    yield "\n## Reasoning"
    yield from (f"{'heard' if x.detected else 'missing':<9} {x.id}{where(x)}" for x in details.reasoning.links)
    yield f"\n## Summary ({details.summary.source}, {details.summary.tokens} words)"
    yield from (f"{e.matched!s:<9} {e.id}{where(e)}" for e in details.summary.elements)
    yield "\n## Communication"
    yield from (f"{'met' if r.met else 'unmet':<9} {r.measure} {r.id}" for r in details.communication.rules)


def verdict(question: QuestionEntry) -> str:
    return ("asked" if question.asked else "missed") + ("?" if question.uncertain else "")


def where(entry: Cited) -> str:
    quotes = " … ".join(" ".join(quote.quote.split())[:120] for quote in entry.evidence[:2])
    return f"  {' '.join(entry.citations.student[:2])}  “{quotes}”" if quotes else ""


def said(feedback: Feedback) -> Iterator[str]:
    yield f"\n## Feedback\n{feedback.overall_summary}"
    for section in feedback.sections:
        yield f"\n### {section.category}"
        yield from (f"{item.severity or 'success'}: {item.text}" for item in section.items)


@pytest.mark.parametrize("path", SAMPLES, ids=sample_id)
def test_a_sample_is_graded_as_it_was(path: Path, pytestconfig: pytest.Config) -> None:
    golden = GOLDEN / f"{sample_id(path)}.txt"
    text = graded_text(path)
    if pytestconfig.getoption("golden_update"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8"), "Results changed: run `make golden` and read the diff."


def test_every_golden_grading_belongs_to_a_sample() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {sample_id(path) for path in SAMPLES}


@pytest.mark.parametrize("rubric_id", ["stroke_v1", "chest_pain_v1", "headache_v1", "abdominal_pain_v1"])
def test_a_stronger_interview_scores_higher(rubric_id: str) -> None:
    rubric = rubric_from_json((LIBRARY / f"{rubric_id}.json").read_bytes())
    folder = LIBRARY / "samples" / rubric_id
    strong, middling, weak = (
        grade(rubric, sample_inputs(folder / f"{name}.txt")).result.overall_score
        for name in ("strong", "middling", "weak")
    )
    assert strong > middling > weak
