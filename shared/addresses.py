"""Which internet addresses user-given URLs may never reach, and why: the whole table, written out.

``ipaddress.is_global`` is not enough: on Python 3.11 it is true for multicast, NAT64, 6to4 and more.
"""

import ipaddress
import re
import socket
from collections.abc import Iterable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

FORBIDDEN: tuple[tuple[str, str], ...] = (
    # IPv4, by the IANA special-purpose registry; the more telling word stands first
    ("169.254.169.254/32", "a cloud's metadata service"),
    ("169.254.170.2/32", "a cloud's credentials service"),
    ("100.100.100.200/32", "a cloud's metadata service"),
    ("168.63.129.16/32", "a cloud's host service"),
    ("0.0.0.0/8", "this very machine"),
    ("10.0.0.0/8", "a private network"),
    ("100.64.0.0/10", "carrier-grade NAT"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "a private network"),
    ("192.0.0.0/24", "reserved for protocols"),
    ("192.0.2.0/24", "documentation"),
    ("192.88.99.0/24", "6to4 relays"),
    ("192.168.0.0/16", "a private network"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    # IPv6; ::ffff:0:0/96 is judged by the IPv4 address within (see unmapped)
    ("fd00:ec2::254/128", "a cloud's metadata service"),
    ("fd20:ce::254/128", "a cloud's metadata service"),
    ("::1/128", "loopback"),
    ("::/96", "IPv4-compatible or unspecified"),
    ("::ffff:0:0:0/96", "IPv4-translated"),
    ("64:ff9b::/96", "NAT64, which can reach private IPv4"),
    ("64:ff9b:1::/48", "local NAT64"),
    ("100::/64", "discard-only"),
    ("100:0:0:1::/64", "reserved"),
    ("2001::/32", "Teredo, which carries IPv4"),
    ("2001::/23", "reserved for protocols"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4, which carries IPv4"),
    ("3fff::/20", "documentation"),
    ("5f00::/16", "segment routing"),
    ("fc00::/7", "a private network"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "site-local"),
    ("ff00::/8", "multicast"),
)

_TABLE: tuple[tuple[Network, str], ...] = tuple(
    (ipaddress.ip_network(network), why) for network, why in FORBIDDEN
)
_GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")
_OLD_IPV4 = re.compile(r"(0[xX][0-9a-fA-F]*|\d+)(\.(0[xX][0-9a-fA-F]*|\d+)){0,3}\.?")


def why_forbidden(address: Address) -> str | None:
    """What kind of place ``address`` is if it must not be reached, or None if it is a public one."""
    address = unmapped(address)
    for network, why in _TABLE:
        if address in network:
            return why
    if address.version == 6 and address not in _GLOBAL_IPV6:
        return "not a public address"
    return None


def is_in(address: Address, networks: Iterable[Network]) -> bool:
    """Whether ``address``, or the IPv4 address mapped within it, lies in one of ``networks``."""
    inner = unmapped(address)
    return any(address in network or inner in network for network in networks)


def as_address(host: str) -> Address | None:
    """The address that ``host`` writes out, or None for a name.

    Reads what a resolver would: old spellings (``127.1``, ``0x7f000001``), zone ids, and ``localhost``.
    """
    host = host.strip("[]").partition("%")[0]
    if host.lower().rstrip(".").rpartition(".")[2] == "localhost":
        return ipaddress.IPv4Address("127.0.0.1")
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    if _OLD_IPV4.fullmatch(host):
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host.rstrip(".")))
        except OSError:
            return None
    return None


def unmapped(address: Address) -> Address:
    """The IPv4 address that an ``::ffff:0:0/96`` address stands for, else the address itself."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
