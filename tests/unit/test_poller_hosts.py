"""A host is asked for a few feeds at once."""

import asyncio

import pytest

from services.poller.hosts import HostBusy, Hosts

A, B = "https://a.example.org/1", "https://b.example.org/1"


async def test_a_host_serves_a_few_and_another_is_not_held_up() -> None:
    hosts = Hosts(1, waiting=1)
    async with hosts.place(A):
        in_line = asyncio.create_task(_visit(hosts, A))
        await asyncio.wait([in_line], timeout=0.01)
        assert not in_line.done()
        with pytest.raises(HostBusy):
            await _visit(hosts, "https://A.example.org/2")
        await _visit(hosts, B)
    await asyncio.wait_for(in_line, 1)


async def test_one_who_leaves_the_line_or_fails_makes_room() -> None:
    hosts = Hosts(1, waiting=1)
    async with hosts.place(A):
        in_line = asyncio.create_task(_visit(hosts, A))
        await asyncio.wait([in_line], timeout=0.01)
        in_line.cancel()
        await asyncio.gather(in_line, return_exceptions=True)
    with pytest.raises(ZeroDivisionError):
        async with hosts.place(A):
            raise ZeroDivisionError
    await _visit(hosts, A)
    assert hosts._places == hosts._present == {}


async def _visit(hosts: Hosts, url: str) -> None:
    async with hosts.place(url):
        pass
