"""Forms of stations and class lists."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from rubrics.models import RubricVersion
from scoring.domain.class_list.columns import Column
from scoring.domain.class_list.tables import MAX_COLUMNS
from scoring.models import Assessment
from scoring.services.assessments import AssessmentPlan

_PERCENT = Decimal(100)
_FACULTY = ("faculty", "coordinator")


def faculty() -> QuerySet[Any]:
    """Everybody who may own or grade an assessment."""
    people = get_user_model().objects.filter(is_active=True, role__in=_FACULTY)
    return people.order_by("last_name", "first_name", "username")


# Django's fields take no type arguments at run time.
class PersonChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.get_full_name() or obj.username)


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.get_full_name() or obj.username)


class RubricVersionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title or obj.rubric.rubric_id} ({obj.version})"


class AssessmentForm(forms.Form):
    """A station as a person sets it up; `plan` is what they meant. The cut score is entered in points of 100."""

    course = forms.CharField(
        max_length=200,
        widget=forms.TextInput(attrs={"list": "courses"}),
        help_text="For example “Neurology clerkship”.",
    )
    station = forms.CharField(max_length=200, help_text="For example “Station 3: sudden weakness”.")
    date = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    rubric_version = RubricVersionChoice(
        queryset=RubricVersion.objects.none(),
        label="Rubric",
        empty_label="Choose a rubric",
        help_text="Approved versions only. It can't be changed once a candidate is graded.",
    )
    cut_score = forms.DecimalField(
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        required=False,
        label="Cut score, of 100",
        help_text="Gradings within 5 points of it come first in the review. Leave it empty where there is none.",
    )
    anonymous_grading = forms.BooleanField(
        required=False,
        label="Grade anonymously",
        help_text="Graders see candidate codes. Who wants to see a name gives a reason, and that is kept.",
    )
    owner = PersonChoice(queryset=faculty(), empty_label=None)
    graders = PersonChoices(
        queryset=faculty(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="They see and review this assessment. You need not choose the owner.",
    )
    instructions = forms.CharField(
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        label="Notes for graders",
        help_text="What happened at the station, what to look for. Students never see this.",
    )

    def __init__(self, data: Any, *, assessment: Assessment | None, may_choose_owner: bool, user: Any) -> None:
        super().__init__(data, initial=_initial(assessment, user))
        chosen = cast("forms.ModelChoiceField[RubricVersion]", self.fields["rubric_version"])
        chosen.queryset = _versions(assessment)
        self._owner_id = user.pk if assessment is None else assessment.owner_id
        if not may_choose_owner:
            del self.fields["owner"]

    @property
    def plan(self) -> AssessmentPlan:
        given = self.cleaned_data
        return AssessmentPlan(
            course=given["course"],
            station=given["station"],
            date=given["date"],
            rubric_version=given["rubric_version"],
            owner_id=given["owner"].pk if "owner" in given else self._owner_id,
            grader_ids=[person.pk for person in given["graders"]],
            cut_score=(given["cut_score"] or Decimal(0)) / _PERCENT,
            anonymous_grading=given["anonymous_grading"],
            instructions=given["instructions"],
        )


def _versions(assessment: Assessment | None) -> QuerySet[RubricVersion]:
    """What may be chosen: approved ones, and the one in use, which may be archived by now."""
    versions = RubricVersion.objects.approved()
    if assessment is not None:
        versions = versions | RubricVersion.objects.filter(pk=assessment.rubric_version_id)
    return versions.select_related("rubric").order_by("title", "rubric__rubric_id", "-major", "-minor", "-patch")


def _initial(assessment: Assessment | None, user: Any) -> dict[str, Any]:
    if assessment is None:
        return {"owner": user.pk}
    return {
        "course": assessment.course,
        "station": assessment.station,
        "date": assessment.date,
        "rubric_version": assessment.rubric_version_id,
        "cut_score": (assessment.cut_score * _PERCENT).normalize() if assessment.cut_score else None,
        "anonymous_grading": assessment.anonymous_grading,
        "owner": assessment.owner_id,
        "graders": list(assessment.graders.values_list("pk", flat=True)),
        "instructions": assessment.instructions,
    }


class CandidateForm(forms.Form):
    student_id = forms.CharField(max_length=100, label="Student ID")
    name = forms.CharField(max_length=200, required=False)
    email = forms.CharField(max_length=254, required=False, label="E-mail", widget=forms.EmailInput)


class ClassListFileForm(forms.Form):
    file = forms.FileField(
        label="Class list (CSV or XLSX)",
        help_text="One student a row, with a column for the student ID. At most 5,000 rows and 1 MB.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )


class ColumnsForm(forms.Form):
    """Which column of the file holds what. Built from the file: its first row names the choices."""

    has_header = forms.BooleanField(required=False, label="The first row holds headings")

    _LABELS = {  # noqa: RUF012 - a constant table
        Column.STUDENT_ID: "Student ID",
        Column.NAME: "Full name",
        Column.FIRST_NAME: "First name",
        Column.LAST_NAME: "Last name",
        Column.EMAIL: "E-mail",
    }

    def __init__(self, *args: Any, first_row: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        places = [(str(n), f"{n + 1}: {cell or '(empty)'}"[:60]) for n, cell in enumerate(first_row[:MAX_COLUMNS])]
        for column, label in self._LABELS.items():
            self.fields[column.value] = forms.ChoiceField(
                choices=[("", "Not in this file"), *places], required=False, label=label
            )

    @property
    def columns(self) -> dict[Column, int]:
        chosen = {column: self.cleaned_data[column.value] for column in self._LABELS}
        return {column: int(place) for column, place in chosen.items() if place}


class RevealForm(forms.Form):
    reason = forms.CharField(max_length=300, label="Why do you need the names?")
