"""Accounts of students."""

from django.urls import path

from grader.students import views

urlpatterns = [
    path("assessments/<int:assessment_id>/accounts/", views.student_access, name="student-access"),
    path("set-password/<uidb64>/<token>/", views.SetPasswordView.as_view(), name="set-password"),
]
