"""Numbers as documents and requests hold them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator


def _exact(value: object) -> Decimal:
    """Refuses what would not come back as it was sent: most programs read JSON numbers as binary floats."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("Send a number.")  # noqa: TRY004 - pydantic words ValueErrors alone
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not _survives(exact):
        raise ValueError("This number has more digits than programs keep. Write at most 15.")
    return exact


def _survives(exact: Decimal) -> bool:
    try:
        return Decimal(repr(float(exact))) == exact
    except OverflowError:
        return False


Number = Annotated[Decimal, BeforeValidator(_exact)]
"""A JSON number, exact; neither a string nor a boolean."""
