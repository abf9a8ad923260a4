"""Student accounts of a class, and the one-time links with which students choose a password."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from grader.students.services import student_accounts_create, student_accounts_of
from scoring.views.reach import faculty_viewer, managed_assessment


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def student_access(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """For coordinators: who of a class can sign in already. POST makes what is missing, and shows the links once."""
    viewer = faculty_viewer(request)
    assessment = managed_assessment(request, assessment_id)
    if not viewer.sees_everything:
        raise PermissionDenied
    if request.method == "POST":
        made = student_accounts_create(assessment=assessment, viewer=viewer, at=timezone.now())
        messages.success(request, f"{made} account{'' if made == 1 else 's'} made.")
        return redirect("student-access", assessment_id=assessment.pk)
    context = {"assessment": assessment, "accounts": student_accounts_of(assessment, request.build_absolute_uri("/"))}
    return render(request, "grader/student_access.html", context)


class SetPasswordView(PasswordResetConfirmView):
    """A link works until a password is chosen with it, or until it is too old; Django signs it, nothing is stored."""

    template_name = "grader/set_password.html"
    success_url = reverse_lazy("login")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, "Your password is set. Sign in with it.")
        return super().form_valid(form)
