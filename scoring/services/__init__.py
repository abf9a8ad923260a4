"""Everything that writes submissions, gradings and what people decide about them: one module a noun."""

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
    "grading_create",
    "grading_verify",
    "grading_verify_all",
    "idempotency_lock",
    "submission_inputs",
]
