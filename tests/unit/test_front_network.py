"""What `tocsin doctor --network` makes of the answers that the feeds gave; nothing is fetched."""

from datetime import timedelta

import pytest

from services.cli.checks import network
from services.cli.checks.finding import Verdict
from services.cli.checks.network import Answered
from tests.support.doctor import NOW, feed, is_told, only

HERALD = Answered(feed(1), took=0.42, entries=25, newest=NOW - timedelta(hours=3), ahead=0.4)
TIMES = Answered(feed(2, title="Times"), problem="times.example can't be reached (refused)", took=1.0)


def test_each_feed_has_its_line_and_those_that_failed_stand_last() -> None:
    herald, times, together = network.judge([TIMES, HERALD], NOW)
    is_told([herald], Verdict.OK, "Herald 1: 25 entries, the newest 3 hours old (0.4 s).", "")
    is_told([times], Verdict.WARNING, "Times: times.example can't be reached", "tocsin feeds remove feed_2")
    is_told([together], Verdict.OK, "1 of 2 feeds answered.", "")


def test_a_feed_without_entries_or_dates_is_told_so() -> None:
    empty, undated = Answered(feed(1)), Answered(feed(2), entries=1)
    said = [finding.says for finding in network.judge([empty, undated], NOW)]
    assert said[0].startswith("Herald 1: no entries")
    assert said[1].startswith("Herald 2: 1 entry, none of them dated")


def test_when_no_feed_answers_the_network_is_the_fault() -> None:
    found = network.judge([TIMES, TIMES], NOW)
    is_told(found[2:], Verdict.FAULT, "None of 2 feeds", "network, DNS and firewall")


def test_without_feeds_there_is_nothing_to_ask() -> None:
    is_told(network.judge([], NOW), Verdict.OK, "no feeds to ask", "")


def test_the_servers_together_tell_that_our_clock_is_wrong() -> None:
    ahead = [Answered(feed(n), entries=1, ahead=seconds) for n, seconds in enumerate((700, 702, 9))]
    clocks = [finding for finding in network.judge(ahead, NOW) if finding.check == "clock"]
    is_told(clocks, Verdict.FAULT, "700 s behind that of the feeds' servers", "NTP")
    assert not [finding for finding in network.judge(ahead[:2], NOW) if finding.check == "clock"], "too few"
    right = [Answered(feed(n), entries=1, ahead=0.5) for n in range(3)]
    assert not [finding for finding in network.judge(right, NOW) if finding.check == "clock"]


@pytest.mark.parametrize(
    ("headers", "ahead"),
    [
        ({"Date": "Sun, 01 Mar 2026 12:00:10 GMT"}, 10.0),
        ({"Date": "Sun, 01 Mar 2026 11:59:00 GMT", "Age": "60"}, 0.0),
        ({"Date": "Sun, 01 Mar 2026 12:00:10 -0000"}, 10.0),
        ({"Date": "yesterday"}, None),
        ({"Date": "Sun, 01 Mar 2026 12:00:10 GMT", "Age": "old"}, None),
        ({}, None),
    ],
)
def test_a_server_tells_its_time_by_date_and_age(headers: dict[str, str], ahead: float | None) -> None:
    assert network.clock_of(headers, NOW) == ahead


def test_what_a_feed_is_called_is_its_title_or_its_address() -> None:
    nameless = Answered(feed(1, title=""), entries=1, newest=NOW + timedelta(hours=1))
    said = only(finding for finding in network.judge([nameless], NOW) if finding.check == "feed")
    assert said.says.startswith("https://herald.example.org/1: 1 entry, the newest 0 s old")
