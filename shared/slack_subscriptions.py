"""A subscription of a Slack bot: a token, which is sealed, and the id of a channel.

The token never stands on a command line and is never shown again.
"""

import re
import secrets
from datetime import datetime

from shared import filters
from shared.contracts import Channel, Subscription
from shared.errors import BadInput
from shared.subscriptions import check_name
from shared.vault import Vault

_CHANNEL = re.compile(r"[CGD][A-Z0-9]{7,20}")
_TOKEN = re.compile(r"xoxb-[A-Za-z0-9-]{10,250}")


def new_slack_bot(
    channel: str, token: str, *, vault: Vault, now: datetime, filter_text: str = "", name: str = ""
) -> Subscription:
    """A subscription that writes to ``channel`` by a bot's token; raises ``BadInput``."""
    if not _CHANNEL.fullmatch(channel):
        raise BadInput(
            f"{channel[:40]!r} is not a channel's id, which looks like C0123456789: in Slack, it stands at "
            "the end of the channel's details"
        )
    if not _TOKEN.fullmatch(token):
        kind = (
            "a user's or an app's token" if token.startswith(("xoxp-", "xapp-", "xoxe")) else "no bot token"
        )
        raise BadInput(
            f"what was given is {kind}: a bot token begins xoxb-; it stands under OAuth & Permissions "
            "at https://api.slack.com/apps"
        )
    filters.parse(filter_text)
    check_name(name)
    return Subscription(
        id="sub_" + secrets.token_hex(8),
        name=name,
        channel=Channel.SLACK_BOT,
        sealed_url=vault.seal(token),
        url_hint=f"https://slack.com/archives/{channel}",
        filter=filter_text,
        created_at=now,
        slack_channel=channel,
    )
