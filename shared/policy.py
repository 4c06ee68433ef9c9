"""What a URL that users gave us may reach, judged on the URL and on addresses; resolves and opens nothing.

A feed and a hook may reach different things: each kind has its ``Policy``. ``shared/guard.py`` holds every
connection to it.
"""

import re
from dataclasses import dataclass

from yarl import URL

from shared.addresses import Address, as_address, is_in, unmapped, why_forbidden
from shared.errors import BadInput, ForbiddenAddress
from shared.settings import Network, Settings

MAX_URL = 2048
"""Longer URLs are refused: no feed or hook needs one, and each is stored and logged."""

_ALSO_THERE = ", for the running services too: restart them with it"

_LONGEST_HOST, _LONGEST_LABEL = 253, 63
_BEGINNING = re.compile(r"((?:[A-Za-z][A-Za-z0-9+.-]*://)?)([^/?#\\]*)")
_NUMBER = re.compile(r"\d+|0[xX][0-9a-fA-F]*")


@dataclass(frozen=True)
class Policy:
    """What one kind of URL may reach: public addresses by ``schemes`` and ``ports``, ``allow`` by any."""

    schemes: frozenset[str]
    ports: frozenset[int]
    allow: tuple[Network, ...] = ()
    redirects: int = 0
    """How many redirects ``fetch`` follows, each checked like the first URL."""


def feed_policy(settings: Settings) -> Policy:
    """Feeds: http or https, the usual web ports, at most five redirects."""
    return Policy(frozenset({"http", "https"}), frozenset(settings.feed_ports), settings.allow_networks, 5)


def hook_policy(settings: Settings) -> Policy:
    """Hooks: https only and never redirected, because a redirect would carry the alert elsewhere."""
    return Policy(frozenset({"https"}), frozenset(settings.hook_ports), settings.allow_networks, 0)


def check_url(url: str, policy: Policy) -> None:
    """Refuse a URL that could never be dialled, resolving nothing; raises ``BadInput``, ``ForbiddenAddress``.

    A name is judged again when it is dialled. Its scheme and port are left to that moment only where
    ``policy.allow`` opens networks, because there any scheme and port will do.
    """
    parsed = _parse(url)
    host = (parsed.host or "").rstrip(".")
    address = as_address(host)
    if address is not None:
        judge(address, parsed, policy)
        if _NUMBER.fullmatch(host.rpartition(".")[2]) and host != str(address):
            raise BadInput(f"{host} is an address in an old spelling: write {address}")
    elif not policy.allow:
        _judge_manner(parsed, policy)


def _parse(url: str) -> URL:
    shown = _shown(url)
    if len(url) > MAX_URL:
        raise BadInput(f"{shown} is longer than {MAX_URL} characters: give a shorter address")
    if any(character.isspace() or not character.isprintable() for character in url):
        raise BadInput(f"{shown!r} holds a space or control character: write it percent-encoded")
    try:
        parsed = URL(url)
        host, port = parsed.host, parsed.port
    except ValueError as exc:
        raise BadInput(f"{shown} is not a URL: write it like https://example.org/path") from exc
    if parsed.scheme not in ("http", "https") or not host:
        raise BadInput(f"{shown} is not a web address: write it like https://example.org/path")
    if parsed.user is not None or parsed.password is not None:
        raise BadInput(f"the address at {host} carries a user name or password: remove it")
    if not _can_be_host(parsed.raw_host or ""):
        raise BadInput(f"{shown} names no host: {host} is neither a name nor an address; correct it")
    if not port:
        raise BadInput(f"{shown} names no usable port: leave it out, or give one from 1 to 65535")
    return parsed


def _shown(url: str) -> str:
    """Scheme and host, for a message: the path of a hook is its secret, and a user name may be one."""
    begins = _BEGINNING.match(url)
    shown = begins[1] + begins[2].rpartition("@")[2] if begins else ""
    return shown if len(shown) <= 100 else shown[:100] + "..."


def _can_be_host(host: str) -> bool:
    """Whether a resolver would take it at all; a name that ends in a number is an address, or nothing."""
    if as_address(host) is not None:
        return True
    labels = host.removesuffix(".").split(".")
    return (
        len(host) <= _LONGEST_HOST
        and all(0 < len(label) <= _LONGEST_LABEL for label in labels)
        and not _NUMBER.fullmatch(labels[-1])
    )


def judge(address: Address, url: URL, policy: Policy) -> None:
    """Raise ``ForbiddenAddress`` unless ``url`` may be had from ``address``."""
    if is_in(address, policy.allow):
        return
    if (why := why_forbidden(address)) is not None:
        raise ForbiddenAddress(refusal_of(address, why))
    _judge_manner(url, policy)


def refusal_of(address: Address, why: str) -> str:
    """Why an address is refused, and the setting that would allow it."""
    address = unmapped(address)
    return (
        f"{address} is refused: {why}. If it is yours and meant to be reached, "
        f"add {address}/{address.max_prefixlen} or its network to TOCSIN_ALLOW_NETWORKS{_ALSO_THERE}"
    )


def _judge_manner(url: URL, policy: Policy) -> None:
    if url.scheme not in policy.schemes:
        raise ForbiddenAddress(
            f"{url.scheme}://{url.host} is refused: only {' and '.join(sorted(policy.schemes))} may be used "
            "here. Hosts of your own may use any scheme: add their network to TOCSIN_ALLOW_NETWORKS"
            f"{_ALSO_THERE}"
        )
    if url.port not in policy.ports:
        ports = ", ".join(str(port) for port in sorted(policy.ports))
        raise ForbiddenAddress(
            f"port {url.port} of {url.host} is refused: only {ports} may be used here. Add the port to "
            "TOCSIN_FEED_PORTS or TOCSIN_HOOK_PORTS or, for a host of your own, its network to "
            f"TOCSIN_ALLOW_NETWORKS{_ALSO_THERE}"
        )
