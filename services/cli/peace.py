"""The options that leave a subscriber in peace: quiet hours, what comes through them, a cap."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from shared.contracts import Subscription

QuietHours = Annotated[
    str,
    typer.Option(
        metavar="HOURS@ZONE",
        help="Hold what matches until they end: 22:00-06:30@Europe/Athens; none to end them",
    ),
]
Override = Annotated[
    str, typer.Option(metavar="TIER", help="What comes through the quiet hours, from this tier on: Extreme")
]
AtMost = Annotated[
    str,
    typer.Option(metavar="N/SPAN", help="At most so many messages in so long: 10/1h; none to lift the cap"),
]


def with_peace(subscription: "Subscription", quiet_hours: str, override: str, at_most: str) -> "Subscription":
    """The subscription with what was typed; what is empty stays as it is. Raises ``BadInput``."""
    from shared.errors import BadInput
    from shared.peace import NONE, parse_cap, parse_quiet_hours, parse_tier

    hours, cap = subscription.quiet_hours, subscription.rate_cap
    if quiet_hours == NONE:
        hours = None
    elif quiet_hours:
        hours = parse_quiet_hours(quiet_hours, override or (str(hours.override) if hours else ""))
    if override:
        if hours is None:
            raise BadInput(
                f"--override {override} comes through quiet hours, and there are none: give --quiet-hours"
            )
        hours = hours.model_copy(update={"override": parse_tier(override)})
    if at_most:
        cap = None if at_most == NONE else parse_cap(at_most)
    return subscription.model_copy(update={"quiet_hours": hours, "rate_cap": cap})


def told_peace(subscription: "Subscription") -> list[str]:
    """Its quiet hours and its cap, as lists show them; nothing where there are none."""
    from shared.peace import write_cap, write_quiet_hours

    hours, cap = subscription.quiet_hours, subscription.rate_cap
    said = [f"quiet {write_quiet_hours(hours)}"] if hours else []
    return said + ([f"at most {write_cap(cap)}"] if cap else [])
