from __future__ import annotations

import ipaddress

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st

from grader.client_address import TrustedProxyMiddleware, client_address, is_within

TRUSTED = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("10.0.0.0/8"))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("10.1.2.3", True),
        ("127.0.0.1", True),
        ("::ffff:10.1.2.3", True),
        (" 10.1.2.3 ", True),
        ("11.0.0.1", False),
        ("::1", False),
        ("", False),
        ("localhost", False),
        ("10.0.0", False),
    ],
)
def test_only_addresses_inside_a_network_are_within_it(address: str, expected: bool) -> None:
    assert is_within(address, TRUSTED) is expected


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "expected"),
    [
        pytest.param("203.0.113.9", "", "203.0.113.9", id="no proxy"),
        pytest.param("203.0.113.9", "10.0.0.1", "203.0.113.9", id="a stranger's header is not read"),
        pytest.param("127.0.0.1", "203.0.113.9", "203.0.113.9", id="one proxy"),
        pytest.param("127.0.0.1", "203.0.113.9, 10.0.0.7", "203.0.113.9", id="two proxies"),
        pytest.param("127.0.0.1", "10.9.9.9, 203.0.113.9", "203.0.113.9", id="a client that claims to be internal"),
        pytest.param("127.0.0.1", "10.0.0.9, 10.0.0.7", "10.0.0.9", id="an internal client"),
        pytest.param("127.0.0.1", "203.0.113.9, nonsense", "127.0.0.1", id="nonsense ends the search"),
        pytest.param("127.0.0.1", "2001:db8::1", "2001:db8::1", id="IPv6"),
    ],
)
def test_the_client_is_the_nearest_address_that_is_no_proxy_of_ours(
    peer: str, forwarded_for: str, expected: str
) -> None:
    assert client_address(peer=peer, forwarded_for=forwarded_for, trusted=TRUSTED) == expected


@given(st.text(), st.ip_addresses())
def test_what_a_client_writes_itself_never_makes_it_internal(written: str, real: ipaddress.IPv4Address) -> None:
    """The proxy appends the address it saw; whatever stands in front of it must not matter."""
    if is_within(str(real), TRUSTED):
        return
    assert client_address(peer="127.0.0.1", forwarded_for=f"{written}, {real}", trusted=TRUSTED) == str(real)


def _pass_through(**headers: str) -> HttpRequest:
    seen: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    with override_settings(TRUSTED_PROXIES=TRUSTED):
        TrustedProxyMiddleware(view)(RequestFactory().get("/", headers=None, **headers))  # type: ignore[arg-type]
    return seen[0]


def test_a_trusted_proxy_tells_the_address_and_the_scheme() -> None:
    request = _pass_through(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.9", HTTP_X_FORWARDED_PROTO="https")
    assert request.META["REMOTE_ADDR"] == "203.0.113.9"
    assert request.is_secure()


def test_a_stranger_can_tell_neither() -> None:
    request = _pass_through(REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR="127.0.0.1", HTTP_X_FORWARDED_PROTO="https")
    assert request.META["REMOTE_ADDR"] == "203.0.113.9"
    assert not request.is_secure()
