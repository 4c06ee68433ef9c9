"""Quiet hours and caps as a person types them: read, shown, refused with what to write instead."""

from datetime import time

import pytest

from services.cli.peace import told_peace, with_peace
from shared.contracts import QuietHours, RateCap, Tier
from shared.errors import BadInput
from shared.peace import parse_cap, parse_quiet_hours, write_cap, write_quiet_hours
from tests.unit.test_notifier_routing import subscription


def test_quiet_hours_are_read_and_shown() -> None:
    athens = parse_quiet_hours("22:00-06:30@Europe/Athens", "severe")
    assert athens == QuietHours(begins=time(22), ends=time(6, 30), zone="Europe/Athens", override=Tier.SEVERE)
    assert write_quiet_hours(athens) == "22:00-06:30@Europe/Athens (but Severe)"
    assert parse_quiet_hours(" 9:00 - 17:05 ") == QuietHours(begins=time(9), ends=time(17, 5))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("22-6", "Write them as 22:00-06:30@Europe/Athens"),
        ("", "Write them as"),
        ("24:00-06:00", "no clock shows 24:00"),
        ("06:00-06:00", "Pause the subscription instead"),
        ("22:00-06:00@Mars/Base", "no time zone is called 'Mars/Base'"),
        ("22:00-06:00@../../etc/passwd", "Write them as"),
        ("22:00-06:00@/etc/passwd", "no time zone is called"),
    ],
)
def test_what_are_no_quiet_hours_is_said(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        parse_quiet_hours(text)


def test_caps_are_read_and_shown() -> None:
    assert parse_cap("10/1h") == RateCap(most=10, within=3600)
    assert write_cap(parse_cap(" 3 / 90m ")) == "3/90m"
    for text in ("10", "0/1h", "1001/1h", "ten/1h", "10/h", "10/8d", "/1h", "-1/1h"):
        with pytest.raises(BadInput):
            parse_cap(text)
    with pytest.raises(BadInput, match="one of Minor, Moderate, Severe, Extreme"):
        parse_quiet_hours("22:00-06:00", "Bad")


def test_what_is_not_named_stays_as_it_is() -> None:
    quiet = with_peace(subscription(), "22:00-06:30@Europe/Athens", "", "10/1h")
    assert told_peace(quiet) == ["quiet 22:00-06:30@Europe/Athens (but Extreme)", "at most 10/1h"]
    graver = with_peace(quiet, "", "Severe", "")
    assert told_peace(graver)[0] == "quiet 22:00-06:30@Europe/Athens (but Severe)"
    assert told_peace(with_peace(graver, "23:00-05:00", "", ""))[0] == "quiet 23:00-05:00@UTC (but Severe)"
    assert told_peace(with_peace(graver, "none", "", "none")) == []
    with pytest.raises(BadInput, match="there are none: give --quiet-hours"):
        with_peace(subscription(), "", "Severe", "")
