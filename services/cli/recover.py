"""``tocsin recover``: an endpoint is back, and what it missed goes out now."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli import hands
from services.cli.borrowing import redis_url
from services.cli.terminal import completing
from services.cli.terminal.usage import BadUsage, typed
from shared.errors import BadInput
from shared.printable import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from shared.contracts import Subscription
    from shared.settings import Settings
    from shared.subscriptions import Register


def recover(
    subscription: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="As `tocsin subscriptions` shows it, or its beginning",
            show_default=False,
            autocompletion=completing.subscriptions,
        ),
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="All subscriptions")] = False,
    since: Annotated[
        str, typer.Option(metavar="WHEN", help="Only what was recorded since: 30m, 6h, 2d, or a time")
    ] = "",
    resume: Annotated[bool, typer.Option("--resume", help="Also enable what is disabled or paused")] = False,
    why: hands.Why = "",
    by: hands.By = "",
) -> None:
    """Send at once all that failed or is parked, oldest first, with the schedule begun anew.

    Under the same webhook-ids: a receiver drops what it has. What was dropped is not sent; `tocsin deliveries
    resend ID` sends one of those.
    """
    from shared import settings, store
    from shared.clock import SystemClock
    from shared.contracts import Deed
    from shared.moments import moment_of
    from shared.subscriptions import Register

    if bool(subscription) == every:
        raise BadUsage("name one subscription, as `tocsin subscriptions` shows it, or say --all")
    with typed():
        start = moment_of(since, SystemClock().now()) if since else None
    config, hand = settings.load(), hands.hand(why, by)
    failed = 0
    with redis_url(config) as url, store.connect(url) as client:
        register = Register(client, config.names)
        for each in register.all() if every else [register.get(subscription)]:
            try:
                sent = _one(config, url, register, each, start, resume)
            except BadInput as exc:
                if not every:
                    raise
                failed += 1
                print(f"not sent: {one_line(str(exc))}", file=sys.stderr)
                continue
            print(f"{each.id}  {each.url_hint}  {sent} sent again")
            if sent:
                hand.note(client, config.names, Deed.RECOVER, what=(each.id, f"{sent} sent again"))
    if failed:
        raise typer.Exit(1)


def _one(
    config: "Settings",
    url: str,
    register: "Register",
    each: "Subscription",
    start: "datetime | None",
    resume: bool,
) -> int:
    from services.cli import again
    from services.cli.terminal.progress import with_progress
    from shared.contracts import SubscriptionState

    if resume and each.state != SubscriptionState.ACTIVE:
        each = register.set_state(each.id, SubscriptionState.ACTIVE)
    hands.refuse_inactive(each, f"tocsin recover {each.id} --resume")
    steps = again.each(url, config, lambda work: work.recover(each.id, start))
    sent = sum(1 for _ in with_progress(steps, "sending again"))
    # A rest that its endpoint's failures earned ends: whoever asks for this says that it is mended.
    register.wake(each.id)
    return sent
