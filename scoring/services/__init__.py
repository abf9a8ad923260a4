"""Everything that stores assessments, class lists, submissions and gradings: one module a noun."""

from scoring.services.candidates import candidates_ensure
from scoring.services.gradings import (
    Verification,
    VerificationTally,
    grading_create,
    grading_verify,
    grading_verify_all,
    idempotency_lock,
    submission_inputs,
)

__all__ = [
    "Verification",
    "VerificationTally",
    "candidates_ensure",
    "grading_create",
    "grading_verify",
    "grading_verify_all",
    "idempotency_lock",
    "submission_inputs",
]
