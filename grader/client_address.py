"""Who is calling, when there are proxies in between.

`X-Forwarded-For` and `X-Forwarded-Proto` are believed from trusted proxies alone; from anyone else they are removed,
so that nothing behind this point (`/metrics`, rate limits, secure redirects) can be fooled by a header.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from grader.env import IPNetwork

_FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)


def is_within(address: str, networks: Sequence[IPNetwork]) -> bool:
    """Whether the address is in one of the networks; text that is no address is in none.

    `::ffff:10.0.0.1`, how a dual-stack socket writes an IPv4 caller, counts as `10.0.0.1`.
    """
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return any((mapped or found) in network for network in networks)


def client_address(*, peer: str, forwarded_for: str, trusted: Sequence[IPNetwork]) -> str:
    """The nearest address that is not a trusted proxy.

    Read from the right: each proxy appends the caller it saw, and what stands further left was written by the client.
    An entry that is no address ends the search at the last proxy that could be believed.
    """
    nearest = peer
    for hop in reversed([hop.strip() for hop in forwarded_for.split(",")] if forwarded_for else []):
        if not is_within(nearest, trusted) or not _is_address(hop):
            break
        nearest = hop
    return nearest


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


class TrustedProxyMiddleware:
    """Sets `REMOTE_ADDR` to the client's address and drops forwarding headers that can't be believed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        peer = request.META.get("REMOTE_ADDR", "")
        if is_within(peer, settings.TRUSTED_PROXIES):
            request.META["REMOTE_ADDR"] = client_address(
                peer=peer,
                forwarded_for=request.META.get("HTTP_X_FORWARDED_FOR", ""),
                trusted=settings.TRUSTED_PROXIES,
            )
        else:
            for name in _FORWARDED:
                request.META.pop(name, None)
        return self.get_response(request)
