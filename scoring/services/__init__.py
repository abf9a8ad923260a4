"""Everything that stores assessments, class lists, submissions, gradings and decisions: one module a noun."""

from scoring.services.candidates import candidates_ensure
from scoring.services.decisions import DecisionConflict, DecisionRequest, Recorded, decision_record
from scoring.services.gradings import (
    Verification,
    VerificationTally,
    grading_create,
    grading_verify,
    grading_verify_all,
    submission_inputs,
)

__all__ = [
    "DecisionConflict",
    "DecisionRequest",
    "Recorded",
    "Verification",
    "VerificationTally",
    "candidates_ensure",
    "decision_record",
    "grading_create",
    "grading_verify",
    "grading_verify_all",
    "submission_inputs",
]
