"""One running site for all tests of deployment; it takes some twenty seconds to start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.system.stack.site import Site, running_site


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with running_site() as running:
        yield running
