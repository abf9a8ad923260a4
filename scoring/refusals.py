"""Refusals on a form: beside the field they are about, or above the form."""

from __future__ import annotations

from django import forms

from rubrics.domain.errors import Refusal


def add_refusal(form: forms.Form, refusal: Refusal) -> None:
    """Show what was refused where a person can mend it."""
    fields = [problem for problem in refusal.fields if problem.field in form.fields]
    for problem in fields:
        form.add_error(problem.field, problem.message)
    if not fields:
        form.add_error(None, refusal.message)
