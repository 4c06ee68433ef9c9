"""``tocsin dyads``: how often and how high it goes between two sides, or in a country, against the usual."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.borrowing import redis_client
from services.cli.terminal import ladders as screen
from services.cli.terminal.usage import BadUsage
from shared.errors import BadInput

if TYPE_CHECKING:
    import redis

    from services.classifier.ladders.standing import Beside
    from shared.contracts import Ladders
    from shared.names import Names

_MOST = 50
"""Ladders listed unless more are asked for: two screens."""
_INCIDENTS = 15
"""Incidents of one ladder that are shown, the newest."""
_AT_ONCE = 200
"""Ladders read at a time."""
_BASELINE = 100
"""Days that a baseline may ask for, and some."""


def dyads(
    sides: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SIDE [SIDE]", help="Two sides, or a country: ISO3, a name, or a group's name"
        ),
    ] = None,
    country: Annotated[
        str, typer.Option("--country", metavar="SIDE", help="Only those in which it has a part, such as SDN")
    ] = "",
    days: Annotated[
        int, typer.Option("--days", metavar="N", min=1, help="Only those that moved in the last N days")
    ] = 30,
    most: Annotated[int, typer.Option("--most", metavar="N", min=1, help="At most so many")] = _MOST,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line")] = False,
) -> None:
    """List pairs of sides and countries, the most unusual week first; or show one in full.

    A week is compared with the 12 weeks before it, once 90 days were observed: by this house itself, or
    loaded from an archive with `tocsin backtest ARCHIVE --load`.
    """
    from shared import ladders, settings
    from shared.clock import SystemClock

    config, now = settings.load(), SystemClock().now()
    with redis_client(config) as client:
        shelf = _Shelf(client, config.names, now.date())
        if sides:
            shown = _in_full(shelf, _subject_of(sides, ladders.subjects(client, config.names)))
            screen.print_in_full(shown, as_json)
            return
        subjects = ladders.subjects(client, config.names, now - timedelta(days=days))
        side = _side_of(country, subjects) if country else ""
        found = list(_listed(shelf, subjects, side, days, most))
        observed = shelf.read([], 0).observed_before(now.date())
    if as_json:
        for each in found:
            print(json.dumps(each.as_json(), ensure_ascii=False))
    else:
        screen.print_list(found, observed)


# ---- what is read ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Shelf:
    """Where ladders are read from, and the day on which they are looked at."""

    client: "redis.Redis"
    names: "Names"
    today: date

    def read(self, subjects: Sequence[str], days: int) -> "Ladders":
        from shared import ladders, retention

        first = self.today - min(timedelta(days=days), retention.LADDERS)
        return ladders.read(self.client, self.names, subjects, first, self.today)


def _listed(
    shelf: _Shelf, subjects: Sequence[str], side: str, days: int, most: int
) -> Iterator[screen.Shown]:
    """The most unusual first; those that count nothing any more are left out."""
    from services.classifier.ladders.naming import sides_of
    from services.classifier.ladders.standing import standing_of

    wanted = [each for each in subjects if not side or side in sides_of(each)]
    standings = []
    for first in range(0, len(wanted), _AT_ONCE):
        known = shelf.read(wanted[first : first + _AT_ONCE], max(days, _BASELINE))
        standings += [standing_of(each, known, shelf.today) for each in known.by_subject.values()]
    ranked = sorted(
        (each for each in standings if each.last_event),
        key=lambda each: (each.above, each.excess, each.week, each.last_event, each.subject),
        reverse=True,
    )
    for standing in ranked[:most]:
        yield screen.Shown(standing, _reported(shelf, standing.subject))


def _reported(shelf: _Shelf, subject: str) -> "tuple[Beside, ...]":
    from services.classifier.ladders.standing import beside
    from shared import ladders, retention

    told = ladders.tallies(shelf.client, shelf.names, subject)
    if not told:
        return ()
    known = shelf.read([subject], retention.LADDERS.days)
    return tuple(beside(each, known.of(subject), known, shelf.today) for each in told)


def _in_full(shelf: _Shelf, subject: str) -> screen.Shown:
    from services.classifier.ladders.chains import runs_of
    from services.classifier.ladders.standing import standing_of
    from shared import incidents, ladders, retention

    known = shelf.read([subject], retention.LADDERS.days)
    ids = ladders.incidents_of(shelf.client, shelf.names, subject, _INCIDENTS)
    recent = tuple(incidents.some(shelf.client, shelf.names, ids))
    standing = standing_of(known.of(subject), known, shelf.today)
    return screen.Shown(standing, _reported(shelf, subject), recent, runs_of(recent))


# ---- what was typed -----------------------------------------------------------------------------


def _subject_of(words: Sequence[str], subjects: Sequence[str]) -> str:
    """The subject that one or two words name; raises ``BadInput``, and says what could be typed."""
    from services.classifier.ladders.counting import pair_of
    from shared.contracts.ladder import BETWEEN

    sides = [side for word in words for side in word.split(BETWEEN) if side.strip()]
    if len(sides) > 2:
        raise BadUsage(f"{len(sides)} sides: name two, or a country, as in `tocsin dyads ISR IRN`")
    named = [_side_of(side, subjects) for side in sides]
    subject = pair_of(*named) if len(named) == 2 else "".join(named)
    if subject in subjects:
        return subject
    if len(named) == 1 and any(subject in each.split(BETWEEN) for each in subjects):
        raise BadUsage(
            f"{named[0]} has no ladder alone: `tocsin dyads --country {named[0]!r}` lists its pairs"
        )
    raise BadInput(
        f"nothing was counted for {subject!r} in 400 days: `tocsin dyads --days 400` lists what was"
    )


def _side_of(word: str, subjects: Sequence[str]) -> str:
    """A side's key: a country by code or name, a group as it is called on a ladder; else the word itself."""
    from services.classifier.coding.lexicon import country_names
    from services.classifier.ladders.naming import sides_of

    wanted = word.strip().casefold()
    known = {side.casefold(): side for subject in subjects for side in sides_of(subject)}
    names = {name.casefold(): code for code, name in country_names().items()}
    codes = {code.casefold(): code for code in country_names()}
    return known.get(wanted) or codes.get(wanted) or names.get(wanted) or word.strip()
