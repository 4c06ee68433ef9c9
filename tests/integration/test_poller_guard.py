"""The guard at real sockets: what is judged is the address that is dialled, whatever a name said before."""

import asyncio
import gzip
import ipaddress
import socket
import zlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from shared import guard
from shared.errors import BadInput, FeedUnreachable, ForbiddenAddress
from tests.support.poller import FeedServer, endless, feed_server, gzip_bomb, hangs_up_after, rss, slow_loris

PUBLIC = "93.184.215.14"
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with feed_server() as running:
        yield running


def policy(server: FeedServer, *, own: bool = True, redirects: int = 5) -> guard.Policy:
    """A policy for the server's port; with ``own`` its loopback address is allowed."""
    return guard.Policy(frozenset({"http"}), frozenset({server.port}), LOOPBACK if own else (), redirects)


async def fetch(url: str, by: guard.Policy, **options: Any) -> guard.Fetched:
    defaults = {"max_bytes": 1_000_000, "timeout": 5.0, "user_agent": "test"}
    return await guard.fetch(url, policy=by, **{**defaults, **options})


class Names:
    """A name server that we control: ``names["host"] = addresses``, the last one repeated for ever."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.known: dict[str, list[list[str]]] = {}
        self.asked: list[str] = []
        monkeypatch.setattr(socket, "getaddrinfo", self._getaddrinfo)

    def say(self, host: str, *answers: list[str]) -> None:
        self.known[host] = list(answers)

    def _getaddrinfo(self, host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        self.asked.append(host)
        answers = self.known[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in addresses
        ]


@pytest.fixture
def dns(monkeypatch: pytest.MonkeyPatch) -> Names:
    return Names(monkeypatch)


async def test_a_name_that_resolves_to_loopback_is_refused_and_nothing_is_dialled(
    server: FeedServer, dns: Names
) -> None:
    dns.say("innocent.example.org", ["127.0.0.1"])
    with pytest.raises(
        ForbiddenAddress, match=r"innocent.example.org resolves to 127.0.0.1.*TOCSIN_ALLOW_NETWORKS"
    ):
        await fetch(f"http://innocent.example.org:{server.port}/", policy(server, own=False))
    assert dns.asked == ["innocent.example.org"]
    assert server.asked == []


async def test_the_same_name_is_served_where_its_network_is_allowed(server: FeedServer, dns: Names) -> None:
    dns.say("innocent.example.org", ["127.0.0.1"])
    server.serves("feed", b"hello")
    assert (await fetch(f"http://innocent.example.org:{server.port}/feed", policy(server))).body == b"hello"


async def test_the_socket_has_the_last_word_when_the_resolver_was_deceived(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def deceived(_: Any, host: str, port: int = 0, family: Any = socket.AF_INET) -> list[Any]:
        return [
            {"hostname": host, "host": "127.0.0.1", "port": port, "family": family, "proto": 0, "flags": 0}
        ]

    monkeypatch.setattr(guard._GuardedResolver, "resolve", deceived)
    with pytest.raises(ForbiddenAddress, match=r"127.0.0.1 is refused: loopback"):
        await fetch(f"http://rebound.example.org:{server.port}/", policy(server, own=False))
    assert server.asked == []


async def test_a_session_refuses_an_address_that_nobody_checked_before(server: FeedServer) -> None:
    by = policy(server, own=False)
    async with guard.session(by, timeout=5, user_agent="test") as http:
        for url in (
            server.url("x"),
            f"http://localhost:{server.port}/x",
            f"http://[::ffff:127.0.0.1]:{server.port}/",
        ):
            with pytest.raises(ForbiddenAddress, match=r"127\.0\.0\.1"):
                await http.get(url)
    assert server.asked == []


async def test_only_the_public_addresses_of_a_name_are_kept(server: FeedServer, dns: Names) -> None:
    dns.say("mixed.example.org", ["10.0.0.1", PUBLIC, "127.0.0.1", "fe80::1"])
    kept = await guard._GuardedResolver(policy(server, own=False)).resolve("mixed.example.org", 80)
    assert [result["host"] for result in kept] == [PUBLIC]


async def test_a_name_of_our_own_network_may_use_any_port_but_a_public_one_may_not(
    server: FeedServer, dns: Names
) -> None:
    narrow = guard.Policy(frozenset({"https"}), frozenset({443}), LOOPBACK)
    dns.say("ours.example.org", ["127.0.0.1"])
    dns.say("theirs.example.org", [PUBLIC])
    server.serves("feed", b"hello")
    assert (await fetch(f"http://ours.example.org:{server.port}/feed", narrow)).status == 200
    with pytest.raises(ForbiddenAddress, match="only https"):
        await fetch(f"http://theirs.example.org:{server.port}/feed", narrow)


async def test_each_redirect_is_judged_again(server: FeedServer) -> None:
    for number, target in enumerate(["http://169.254.169.254/latest/", "http://10.0.0.1/", "http://[::1]/"]):
        url = server.serves(f"to-{number}", status=302, Location=target)
        with pytest.raises(ForbiddenAddress):
            await fetch(url, policy(server))
    url = server.serves("to-file", status=302, Location="file:///etc/passwd")
    with pytest.raises(BadInput):
        await fetch(url, policy(server))


async def test_a_redirect_to_a_name_that_is_private_is_refused(server: FeedServer, dns: Names) -> None:
    dns.say("inside.example.org", ["192.168.7.7"])
    url = server.serves("to-name", status=301, Location=f"http://inside.example.org:{server.port}/")
    with pytest.raises(ForbiddenAddress, match=r"192\.168\.7\.7"):
        await fetch(url, policy(server))


async def test_five_redirects_are_followed_and_a_sixth_is_not(server: FeedServer) -> None:
    for number in range(6):
        server.serves(f"hop-{number}", status=307, Location=f"/hop-{number + 1}")
    server.serves("hop-6", b"there")
    assert (await fetch(server.url("hop-1"), policy(server))).url == server.url("hop-6")
    with pytest.raises(FeedUnreachable, match="redirected more than 5 times"):
        await fetch(server.url("hop-0"), policy(server))


async def test_a_hook_is_never_redirected(server: FeedServer) -> None:
    url = server.serves("hook", status=302, Location="/elsewhere")
    assert (await fetch(url, policy(server, redirects=0))).status == 302
    assert [path for path, _ in server.asked] == ["hook"]


@pytest.mark.parametrize("handler", [endless, gzip_bomb])
async def test_a_body_is_cut_at_the_cap_once_unpacked(server: FeedServer, handler: Any) -> None:
    url = server.answers("big", handler)
    with pytest.raises(BadInput, match="more than 1,000,000 bytes"):
        await fetch(url, policy(server))


async def test_a_body_of_just_the_cap_is_whole(server: FeedServer) -> None:
    url = server.serves("just", b"x" * 1000)
    assert (await fetch(url, policy(server), max_bytes=1000)).body == b"x" * 1000
    with pytest.raises(BadInput):
        await fetch(url, policy(server), max_bytes=999)


async def test_the_deadline_covers_a_body_that_trickles(server: FeedServer) -> None:
    url = server.answers("slow", slow_loris)
    before = asyncio.get_running_loop().time()
    with pytest.raises(FeedUnreachable, match=r"no whole answer within 0.3 s"):
        await fetch(url, policy(server), timeout=0.3)
    assert asyncio.get_running_loop().time() - before < 3


async def test_a_body_that_breaks_off_is_given_as_far_as_it_came(server: FeedServer) -> None:
    got = await fetch(server.answers("cut", hangs_up_after(rss()[:-30])), policy(server))
    assert not got.complete
    assert got.body.startswith(b"<?xml")


async def test_gzip_and_deflate_are_unpacked(server: FeedServer) -> None:
    feed = rss()
    for path, packed, how in (("g", gzip.compress(feed), "gzip"), ("d", zlib.compress(feed), "deflate")):
        url = server.serves(path, packed, Content_Encoding=how)
        assert (await fetch(url, policy(server))).body == feed


async def test_a_host_that_is_down_or_speaks_no_http_is_unreachable(server: FeedServer) -> None:
    by = policy(server)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(FeedUnreachable, match="can't be reached"):
            await fetch(f"http://127.0.0.1:{unused.getsockname()[1]}/", by)

    async def rude(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.org ESMTP\r\n")
        writer.close()

    async with await asyncio.start_server(rude, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        with pytest.raises(FeedUnreachable):
            await fetch(f"http://127.0.0.1:{port}/", by)


async def test_no_cookie_referer_or_environment_proxy_is_used(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://10.0.0.1:3128")
    url = server.serves("one", b"x", Set_Cookie="a=b")
    async with guard.session(policy(server), timeout=5, user_agent="Tocsin test") as http:
        await fetch(url, policy(server), within=http)
        await fetch(url, policy(server), within=http)
        assert not http.closed
    sent = server.headers_of_last("one")
    assert sent["User-Agent"] == "Tocsin test"
    assert "Cookie" not in sent
    assert "Referer" not in sent


async def test_other_errors_of_a_session_stay_what_they_are(server: FeedServer) -> None:
    async with guard.session(policy(server), timeout=5, user_agent="test") as http:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            with pytest.raises(aiohttp.ClientConnectorError):
                await http.get(f"http://127.0.0.1:{unused.getsockname()[1]}/")
