"""One running site for the tests of deployment, which takes some twenty seconds to start, and a browser for the pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.system.browsing import chromium, school, visit
from tests.system.stack.site import Site, running_site

__all__ = ["chromium", "school", "site", "visit"]


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with running_site() as running:
        yield running
