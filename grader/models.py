"""People, API keys and the audit trail."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from rest_framework_api_key.models import AbstractAPIKey

from scoring.access import Viewer


class Role(models.TextChoices):
    COORDINATOR = "coordinator", "Coordinator"
    FACULTY = "faculty", "Faculty"
    STUDENT = "student", "Student"


class User(AbstractUser):
    """A person who signs in. `student_id` ties a student's account to the gradings made for that candidate."""

    role = models.CharField(max_length=20, choices=Role.choices, default=Role.STUDENT)
    student_id = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "user"
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_is_known"),
            models.UniqueConstraint(
                fields=["student_id"],
                condition=~Q(student_id=""),
                name="student_id_belongs_to_one_user",
                violation_error_message="Another account already has this student ID.",
            ),
        ]

    @property
    def is_coordinator(self) -> bool:
        return self.role == Role.COORDINATOR or self.is_superuser

    @property
    def is_faculty(self) -> bool:
        return self.role == Role.FACULTY or self.is_coordinator

    @property
    def viewer(self) -> Viewer:
        """What this person may see of gradings; a student's own feedback comes through releases alone."""
        if not self.is_active or not self.is_faculty:
            return Viewer()
        return Viewer(sees_everything=self.is_coordinator, user_id=self.pk)


class Scope(models.TextChoices):
    GRADE = "grade", "Grade transcripts"
    READ = "read", "Read rubrics and gradings"
    RUBRICS = "rubrics", "Create and edit rubrics"
    ADMIN = "admin", "Approve rubrics and see every grading"


def _every_scope() -> list[str]:
    return list(Scope.values)


# As rest_framework_api_key makes and stores it.
PREFIX_LENGTH = 8


class ApiKey(AbstractAPIKey):
    """A key of an integrator. Only its hash is stored; the key itself is shown once, when it is made."""

    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices), default=_every_scope)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="api_keys"
    )
    last_used_at = models.DateTimeField(null=True, blank=True)

    @staticmethod
    def prefix_of(key: str) -> str:
        """What a key is found by: `Ab3dEf9h` of `Ab3dEf9h.secret`, and of a key without a dot its beginning."""
        return key.partition(".")[0][:PREFIX_LENGTH]

    class Meta(AbstractAPIKey.Meta):
        verbose_name = "API key"
        verbose_name_plural = "API keys"
        constraints = [
            models.CheckConstraint(condition=Q(scopes__contained_by=Scope.values), name="api_key_scopes_are_known")
        ]


class AuditEntry(models.Model):
    """Who did what to what, for ever: the database refuses to change or delete an entry."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.CharField(max_length=200)
    action = models.CharField(max_length=100)
    object_type = models.CharField(max_length=100)
    object_id = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = "audit entry"
        verbose_name_plural = "audit entries"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_of_one_object")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action} {self.object_type} {self.object_id}"
