"""``tocsin mute``, ``mutes`` and ``unmute``: what nobody, or one subscription, hears of for a time."""

from typing import Annotated

import typer

from services.cli import hands
from services.cli.borrowing import redis_client
from services.cli.terminal import completing
from services.cli.terminal.usage import typed
from shared.printable import one_line

# What these commands work with is imported by each: completion and help need none of it, and it takes time.


def mute(
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="incident, actor or country",
            autocompletion=lambda incomplete: [
                word for word in ("incident", "actor", "country") if word.startswith(incomplete)
            ],
        ),
    ],
    value: Annotated[
        str, typer.Argument(metavar="VALUE", help="The incident's id, the actor's name, the country's ISO3")
    ],
    span: Annotated[str, typer.Option("--for", metavar="TIME", help="How long: 30m, 6h, 2d")],
    why: hands.Why,
    subscription: Annotated[
        str,
        typer.Option(
            "--subscription",
            metavar="ID",
            help="Only for this one; without it, for all",
            autocompletion=completing.subscriptions,
        ),
    ] = "",
    by: hands.By = "",
) -> None:
    """Tell nobody, or one subscription, of something for a time.

    Corrections and retractions of what was told before still come. Muting the same again sets a new end.
    """
    from shared import settings
    from shared.contracts import Deed, Muted
    from shared.mutes import Mutes, new_mute
    from shared.spans import parse_span
    from shared.subscriptions import Register

    config, hand = settings.load(), hands.hand(hands.said("--why", why, hands.LONGEST_WHY), by)
    with typed():
        until = hand.at + parse_span(span)
        made = new_mute(what, value, until=until, now=hand.at, why=hand.why)
    with redis_client(config) as client:
        if subscription:
            for_whom = Register(client, config.names).get(subscription).id
            made = new_mute(what, value, until=until, now=hand.at, subscription_id=for_whom, why=hand.why)
        added = Mutes(client, config.names).add(made)
        about = (added.value,) if added.what == Muted.INCIDENT else ()
        told = (f"{added.what} {added.value}", f"until {added.until:%Y-%m-%d %H:%M} UTC")
        hand.note(client, config.names, Deed.MUTE, incidents=about, what=told)
    whose = added.subscription_id or "everybody"
    print(
        f"{added.id}  {added.what} {one_line(added.value)} muted for {whose} "
        f"until {added.until:%Y-%m-%d %H:%M} UTC"
    )


def mutes(as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line")] = False) -> None:
    """List what is muted, the mute that ends first at the top."""
    from shared import settings
    from shared.clock import SystemClock
    from shared.mutes import Mutes

    config = settings.load()
    with redis_client(config) as client:
        found = Mutes(client, config.names).all(SystemClock().now())
    if as_json:
        for each in found:
            print(each.to_json())
        return
    if not found:
        print("Nothing is muted: `tocsin mute --help` says how.")
        return
    from rich.table import Table
    from rich.text import Text

    from services.cli.terminal import tables

    table = Table("mute", "what", "until (UTC)", "for", "why")
    table.columns[0].no_wrap = True  # it is there to be copied
    for each in found:
        table.add_row(
            Text(one_line(each.id)),
            Text(one_line(f"{each.what} {each.value}")),
            f"{each.until:%Y-%m-%d %H:%M}",
            Text(one_line(each.subscription_id or "everybody")),
            Text(one_line(each.why)),
        )
    tables.show(table)


def unmute(
    mute_id: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="As `tocsin mutes` shows it, or its beginning",
            autocompletion=completing.mutes,
        ),
    ],
    why: hands.Why = "",
    by: hands.By = "",
) -> None:
    """Lift a mute: what rings from now on is told again."""
    from shared import settings
    from shared.contracts import Deed, Muted
    from shared.mutes import Mutes

    config, hand = settings.load(), hands.hand(why, by)
    with redis_client(config) as client:
        lifted = Mutes(client, config.names).lift(mute_id, hand.at)
        about = (lifted.value,) if lifted.what == Muted.INCIDENT else ()
        hand.note(client, config.names, Deed.UNMUTE, incidents=about, what=(f"{lifted.what} {lifted.value}",))
    print(f"lifted  {lifted.id}  {lifted.what} {one_line(lifted.value)}")
