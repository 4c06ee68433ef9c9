"""What may be dialled: the table, and URLs that are refused before anything is."""

import ipaddress

import pytest

from shared.addresses import FORBIDDEN, as_address, is_in, why_forbidden
from shared.errors import BadInput, ForbiddenAddress
from shared.policy import MAX_URL, Policy, check_url, feed_policy, hook_policy
from shared.settings import Settings

FEEDS = Policy(frozenset({"http", "https"}), frozenset({80, 443, 8080, 8443}), (), 5)
HOOKS = Policy(frozenset({"https"}), frozenset({443, 8443}))
OWN = (ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("fd00:1::/32"))


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "0.1.2.3"),  # noqa: S104  (refused, not bound)
        *("10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255"),
        *("127.0.0.1", "127.8.8.8", "169.254.169.254", "169.254.0.1", "172.16.0.1", "172.31.255.255"),
        *("192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255"),
        *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
        *("168.63.129.16", "169.254.170.2", "100.100.100.200"),
        *("::", "::1", "::10.0.0.1", "::8.8.8.8", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:0:8.8.8.8"),
        *("::ffff:169.254.169.254", "64:ff9b::8.8.8.8", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1"),
        *("2001::1", "2001:0:4136:e378::1", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1"),
        *("2002:a00:1::", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fd12::1"),
        *("fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "feff::1", "ff02::1", "ff0e::1"),
        *("100:0:0:1::1", "4000::1", "8000::1", "::2:0:0"),
    ],
)
def test_no_such_address_is_ever_dialled(address: str) -> None:
    parsed = as_address(address)
    assert parsed is not None
    assert why_forbidden(parsed)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
        ),
        *("128.0.0.0", "168.63.129.15", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0"),
        *("192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255"),
        *("2001:200::1", "2001:4860:4860::8888", "2003::1", "2606:4700::1111", "2a00:1450::1"),
        "::ffff:8.8.8.8",
    ],
)
def test_the_neighbours_of_forbidden_networks_are_public(address: str) -> None:
    assert why_forbidden(ipaddress.ip_address(address)) is None


@pytest.mark.parametrize(("network", "why"), FORBIDDEN)
def test_each_row_of_the_table_forbids_its_ends(network: str, why: str) -> None:
    row = ipaddress.ip_network(network)
    assert why_forbidden(row[0])
    assert why_forbidden(row[-1])


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("10.1", "10.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("localhost", "127.0.0.1"),
        ("LOCALHOST.", "127.0.0.1"),
        ("db.localhost", "127.0.0.1"),
        ("[::1]", "::1"),
        ("fe80::1%2", "fe80::1"),
    ],
)
def test_every_spelling_of_an_address_is_read_as_a_resolver_would(host: str, address: str) -> None:
    assert as_address(host) == ipaddress.ip_address(address)


@pytest.mark.parametrize(
    "host", ["example.org", "10.example.org", "localhost.example.org", "0x", "999.1.1.1.1", ""]
)
def test_a_name_is_no_address(host: str) -> None:
    assert as_address(host) is None


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://localhost/",
        ),
        *("http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/latest/meta-data/"),
        *("http://[fe80::1]/", "http://0/", "https://example.org:22/", "http://example.org:6379/"),
    ],
)
def test_a_feed_may_not_be_there(url: str) -> None:
    with pytest.raises(ForbiddenAddress, match="TOCSIN_ALLOW_NETWORKS"):
        check_url(url, FEEDS)


def test_a_refusal_names_the_address_and_what_allows_it() -> None:
    with pytest.raises(ForbiddenAddress) as caught:
        check_url("http://10.1.2.3/feed", FEEDS)
    assert "10.1.2.3" in str(caught.value)
    assert "private network" in str(caught.value)
    assert "10.1.2.3/32" in str(caught.value)
    assert "TOCSIN_ALLOW_NETWORKS" in str(caught.value)
    assert "restart" in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "nonsense",
            "example.org/feed",
            "ftp://example.org/",
            "file:///etc/passwd",
            "gopher://example.org/",
        ),
        *(
            "http://",
            "http:///x",
            "https://user@example.org/",
            "https://user:word@example.org/",
            "http://[::1/",
        ),
        *(
            "http://example.org:99999/",
            "http://example.org:0/",
            "http://exam ple.org/",
            "http://example.org/\r\nX: y",
        ),
        *("http://example.org/\x00", "https://example.org/" + "x" * MAX_URL, "javascript:alert(1)"),
    ],
)
def test_what_is_no_web_address_is_bad_input(url: str) -> None:
    with pytest.raises(BadInput):
        check_url(url, FEEDS)


@pytest.mark.parametrize(
    "url",
    [
        *("http://1.2.3.4.5/", "http://999.1.1.1/", "http://256.1.1.1/x", "http://host.42/", "http://a..b/"),
        *("http://.../", "http://xn--/", f"http://{'a' * 64}.org/", f"http://a{'.a' * 200}/"),
    ],
)
def test_a_host_that_can_be_no_host_is_bad_input(url: str) -> None:
    with pytest.raises(BadInput):
        check_url(url, FEEDS)


@pytest.mark.parametrize("host", ["8.8.2056", "134744072", "0x08080808", "010.8.8.8"])
def test_a_public_address_in_an_old_spelling_is_told_its_usual_one(host: str) -> None:
    with pytest.raises(BadInput, match=r"write 8\.8\.8\.8"):
        check_url(f"http://{host}/", FEEDS)


@pytest.mark.parametrize("url", ["http://exa_mple.org/", "http://example.org./", "http://bücher.example/"])
def test_an_odd_name_may_be_a_host(url: str) -> None:
    check_url(url, FEEDS)


@pytest.mark.parametrize(
    "hook",
    [
        *(
            "ftp://hooks.example.org/T0/hidden",
            "https://hooks.example.org:0/hidden",
            "hooks.example.org/hidden",
        ),
        *("https://hooks.example.org:99999/hidden", "https://hidden:hidden@hooks.example.org:x/hidden"),
        *("https://hooks.example.org/hid den", "https://hooks.example.org?hidden" + "x" * MAX_URL),
        *("http://hooks.example.org/hidden", "https://hooks.example.org:22/hidden#hidden"),
    ],
)
def test_no_message_repeats_more_of_a_hook_than_its_host(hook: str) -> None:
    with pytest.raises((BadInput, ForbiddenAddress)) as caught:
        check_url(hook, HOOKS)
    assert "hooks.example.org" in str(caught.value)
    assert "hid" not in str(caught.value)


def test_a_password_in_a_url_is_not_repeated_in_the_error() -> None:
    with pytest.raises(BadInput) as caught:
        check_url("https://somebody:hunter2@example.org/", FEEDS)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["https://example.org/feed", "http://example.org:8080/?a=b", "http://8.8.8.8/"]
)
def test_public_feeds_may_be_asked(url: str) -> None:
    check_url(url, FEEDS)


def test_hooks_must_be_https_on_their_ports() -> None:
    check_url("https://hooks.example.org/x", HOOKS)
    check_url("https://hooks.example.org:8443/x", HOOKS)
    for url in ("http://hooks.example.org/x", "https://hooks.example.org:8080/x"):
        with pytest.raises(ForbiddenAddress):
            check_url(url, HOOKS)


def test_own_networks_may_be_reached_by_any_scheme_and_port() -> None:
    hooks = Policy(HOOKS.schemes, HOOKS.ports, OWN)
    check_url("http://10.1.2.3:9000/hook", hooks)
    check_url("http://[fd00:1::5]:9000/hook", hooks)
    check_url("http://[::ffff:10.1.2.3]:9000/hook", hooks)
    check_url("http://hooks.internal:9000/hook", hooks)  # judged when the name has become an address
    with pytest.raises(ForbiddenAddress):
        check_url("http://10.2.0.1:9000/hook", hooks)
    with pytest.raises(ForbiddenAddress):
        check_url("http://8.8.8.8/hook", hooks)


def test_a_mapped_address_is_in_the_networks_of_the_address_within() -> None:
    assert is_in(ipaddress.ip_address("::ffff:10.1.0.1"), OWN)
    assert not is_in(ipaddress.ip_address("::ffff:10.2.0.1"), OWN)


def test_the_policies_follow_the_settings() -> None:
    settings = Settings(_env_file=None, feed_ports="81", hook_ports="444", allow_networks="10.1.0.0/16")
    assert feed_policy(settings) == Policy(
        frozenset({"http", "https"}), frozenset({81}), settings.allow_networks, 5
    )
    assert hook_policy(settings) == Policy(frozenset({"https"}), frozenset({444}), settings.allow_networks, 0)
