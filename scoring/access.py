"""Who is looking, reduced to what access depends on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Viewer:
    """The default sees nothing.

    sees_everything: a coordinator, or a key with the admin scope.
    user_id: a signed-in faculty member. key_prefix: an API key.
    """

    sees_everything: bool = False
    user_id: int | None = None
    key_prefix: str = ""

    @property
    def label(self) -> str:
        """Names the caller in idempotency records and the audit trail, without a person's name."""
        return f"key:{self.key_prefix}" if self.key_prefix else f"user:{self.user_id}"


def viewer_of(user: object) -> Viewer:
    """Whoever stands in `request.user`; anonymous visitors and students see nothing here."""
    viewer = getattr(user, "viewer", None)
    return viewer if isinstance(viewer, Viewer) else Viewer()
