"""nginx and the application agree on limits, networks and headers."""

from __future__ import annotations

import re

from grader import settings
from tests.deploy.files import DEPLOY

NGINX = DEPLOY / "nginx"
MAIN = (NGINX / "nginx.conf").read_text()
LOCATIONS = (NGINX / "snippets" / "locations.conf").read_text()


def _location(name: str) -> str:
    [body] = re.findall(rf"(?ms)^location {re.escape(name)} \{{(.*?)^\}}", LOCATIONS)
    return str(body)


def test_a_request_may_be_as_large_here_as_there() -> None:
    [size] = re.findall(r"client_max_body_size (\d+)m;", MAIN)
    assert int(size) * 1024 * 1024 == settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert f"larger than {size} MiB" in (NGINX / "snippets" / "maps.conf").read_text()


def test_the_same_networks_are_internal_here_and_there_by_default() -> None:
    allowed = re.findall(r"allow (\S+);", (NGINX / "snippets" / "internal-networks.conf").read_text())
    assert {network if "/" in network else f"{network}/128" for network in allowed} == {
        str(network) for network in settings.INTERNAL_NETWORKS
    }


def test_the_api_has_sixty_seconds_and_a_limit_of_its_own() -> None:
    body = _location("/api/")
    for direction in ("connect", "send", "read"):
        assert f"proxy_{direction}_timeout 60s;" in body
    assert "limit_req zone=api" in body


def test_metrics_are_for_internal_networks() -> None:
    assert "include snippets/internal-networks.conf;" in _location("~ ^/metrics(/|$)")


def test_a_location_with_headers_of_its_own_repeats_the_common_ones() -> None:
    """nginx drops inherited add_header lines there."""
    for body in re.findall(r"(?ms)^location [^{]+\{(.*?)^\}", LOCATIONS):
        if "add_header" in body:
            assert "include snippets/own-headers.conf;" in body
        if "proxy_set_header" in body:
            assert "include snippets/proxy.conf;" in body


def test_nothing_that_can_hold_a_query_string_or_a_name_is_logged() -> None:
    formats = (NGINX / "snippets" / "log-formats.conf").read_text()
    assert not re.search(r"\$(request|request_uri|args|query_string|http_\w+|remote_user)\b", formats)
    assert re.search(r"(?m)^error_log stderr crit;", MAIN)


def test_every_template_takes_the_same_locations() -> None:
    templates = list(NGINX.glob("templates*/*.template"))
    assert len(templates) == 2
    for template in templates:
        assert "include snippets/locations.conf;" in template.read_text()
