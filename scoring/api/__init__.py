"""The parts of the pipeline over HTTP, each alone, without storing anything: one module a noun."""

from scoring.api.decisions import GradingDecisionsView
from scoring.api.evaluations import (
    CommunicationEvaluationView,
    KeyQuestionsEvaluationView,
    ReasoningEvaluationView,
    StructureEvaluationView,
    SummaryEvaluationView,
)
from scoring.api.questions import MatchQuestionsView
from scoring.api.scores import ScoreComputeView
from scoring.api.transcripts import TranscriptParseView, TranscriptSegmentView

__all__ = [
    "CommunicationEvaluationView",
    "GradingDecisionsView",
    "KeyQuestionsEvaluationView",
    "MatchQuestionsView",
    "ReasoningEvaluationView",
    "ScoreComputeView",
    "StructureEvaluationView",
    "SummaryEvaluationView",
    "TranscriptParseView",
    "TranscriptSegmentView",
]
