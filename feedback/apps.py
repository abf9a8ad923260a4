from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "Feedback"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from feedback.domain.preview import preview_of  # noqa: PLC0415 - the engine's vocabulary loads with it
        from rubrics.preview import subscribe  # noqa: PLC0415

        subscribe(preview_of)
