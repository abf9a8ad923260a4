from django.apps import AppConfig


class GraderConfig(AppConfig):
    name = "grader"
    verbose_name = "People, keys and audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from grader import checks, openapi  # noqa: F401, PLC0415 - both register themselves, once apps are loaded
        from grader.services import audit_entry_create  # noqa: PLC0415 - needs the models
        from rubrics.audit import subscribe  # noqa: PLC0415

        subscribe(audit_entry_create)
