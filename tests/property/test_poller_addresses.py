"""For all addresses: nothing in a forbidden network passes, however it is written."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.addresses import FORBIDDEN, as_address, why_forbidden
from shared.errors import BadInput, ForbiddenAddress
from shared.policy import Policy, check_url

FEEDS = Policy(frozenset({"http", "https"}), frozenset({80, 443}))
NETWORKS = [ipaddress.ip_network(network) for network, _ in FORBIDDEN]
FORBIDDEN_V4 = [network for network in NETWORKS if network.version == 4]


@st.composite
def inside(draw: st.DrawFn, networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> str:
    network = draw(st.sampled_from(networks))
    return str(network[draw(st.integers(0, network.num_addresses - 1))])


def spellings(address: str) -> list[str]:
    parsed = ipaddress.ip_address(address)
    if parsed.version == 6:
        return [f"[{parsed.compressed}]", f"[{parsed.exploded}]"]
    number = int(parsed)
    mapped = ipaddress.IPv6Address(0xFFFF_0000_0000 + number)
    dotted = ".".join(f"0x{byte:x}" for byte in parsed.packed)
    octal = ".".join(f"0{byte:o}" for byte in parsed.packed)
    short = f"{parsed.packed[0]}.{number & 0xFFFFFF}"
    return [str(parsed), str(number), hex(number), dotted, octal, short, f"[{mapped}]", f"[::ffff:{parsed}]"]


@given(inside(NETWORKS))
def test_nothing_in_a_forbidden_network_passes(address: str) -> None:
    assert why_forbidden(ipaddress.ip_address(address))


@given(inside(NETWORKS), st.data())
def test_no_spelling_of_it_passes_in_a_url(address: str, data: st.DataObject) -> None:
    host = data.draw(st.sampled_from(spellings(address)))
    with pytest.raises((ForbiddenAddress, BadInput)):
        check_url(f"http://{host}/", FEEDS)


@given(st.ip_addresses())
def test_what_passes_is_public_to_python_too(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    # Our table may be stricter than ``is_global``, never laxer.
    if why_forbidden(address) is None:
        assert address.is_global or getattr(address, "ipv4_mapped", None) is not None


@given(st.text(max_size=60))
def test_any_text_as_a_url_is_judged_without_surprise(text: str) -> None:
    for url in (text, f"http://{text}", f"https://{text}/x"):
        try:
            check_url(url, FEEDS)
        except (BadInput, ForbiddenAddress):
            continue
        assert url.startswith(("http://", "https://")) or url.lower().startswith(("http://", "https://"))


@given(st.text(max_size=40))
def test_reading_an_address_never_fails(host: str) -> None:
    as_address(host)
