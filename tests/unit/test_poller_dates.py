"""Dates that feedparser does not read."""

from datetime import UTC, datetime

import pytest

from services.poller.dates import epoch


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("Thu,28 Jul 2022 4:35:5 GMT+9", datetime(2022, 7, 27, 19, 35, 5, tzinfo=UTC)),
        ("Seg, 24 Set 2018 19:42:40 -0300", datetime(2018, 9, 24, 22, 42, 40, tzinfo=UTC)),
        ("24 de setembro de 2018 19:42 UTC", datetime(2018, 9, 24, 19, 42, tzinfo=UTC)),
        ("jeu. 4 juin 2020 10:00:00 +02:00", datetime(2020, 6, 4, 8, 0, tzinfo=UTC)),
        ("4 juillet 2020 10:00 GMT", datetime(2020, 7, 4, 10, 0, tzinfo=UTC)),
        ("Do, 05 Mär 2026 12:00:00 +0100", datetime(2026, 3, 5, 11, 0, tzinfo=UTC)),
        ("5-Mar-2026 12:00 Z", datetime(2026, 3, 5, 12, 0, tzinfo=UTC)),
    ],
)
def test_what_outlets_print_is_read(printed: str, moment: datetime) -> None:
    assert epoch(printed) == moment.timestamp()


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "yesterday",
        "28 Jul 2022",
        "31 Feb 2022 10:00 GMT",
        "1 Foo 2022 10:00",
        "1 Jul 2022 25:00",
        "1 Jul 2022 10:00 IST",
    ],
)
def test_what_cannot_be_read_whole_is_no_date(printed: str) -> None:
    assert epoch(printed) is None
