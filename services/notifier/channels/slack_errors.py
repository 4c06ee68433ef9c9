"""What Slack's Web API says in a word, and what is to be done about it (https://docs.slack.dev/reference/methods).

It says most of it with HTTP status 200. A word that is not known here passes, we hope, and is tried again.
"""

import json

from services.notifier.channels import Answer, Meaning, Reading, read_status
from shared.printable import one_line

_GONE = {
    "access_denied": "the bot is not allowed there any more",
    "account_inactive": "the bot's account was removed",
    "channel_not_found": "the channel does not exist, or the bot was not invited into it",
    "enterprise_is_restricted": "its organisation forbids the post",
    "invalid_auth": "the token is not valid",
    "is_archived": "the channel is archived",
    "messages_tab_disabled": "the app takes no messages",
    "missing_scope": "the token lacks a scope: give the app chat:write and install it again",
    "no_permission": "the token may not do this",
    "not_allowed_token_type": "it is no bot token: give one that begins xoxb-",
    "not_authed": "no token was given",
    "not_in_channel": "the bot is not in the channel: invite it",
    "org_login_required": "the workspace is being moved",
    "restricted_action": "a preference of the workspace forbids the post",
    "restricted_action_non_threadable_channel": "the channel takes no threads",
    "restricted_action_read_only_channel": "the channel is read-only",
    "restricted_action_thread_only_channel": "the channel takes only replies",
    "team_access_not_granted": "the app is not installed in this workspace",
    "team_not_found": "the workspace does not exist any more",
    "token_expired": "the token has expired: give one that does not",
    "token_revoked": "the token was revoked",
    "two_factor_setup_required": "the workspace asks for two-factor sign-in",
}
_REFUSED = {
    "invalid_arguments": "Slack could not read the message",
    "invalid_blocks": "Slack could not read the message",
    "invalid_blocks_format": "Slack could not read the message",
    "invalid_payload": "Slack could not read the message",
    "msg_blocks_too_long": "Slack found the message too long",
    "msg_too_long": "Slack found the message too long",
    "no_text": "Slack found the message empty",
    "too_many_attachments": "Slack found the message too long",
}
_ASKED = frozenset({"rate_limited", "ratelimited", "message_limit_exceeded"})
LOST = frozenset(
    {
        "cannot_reply_to_message",
        "cant_update_message",
        "edit_window_closed",
        "message_not_found",
        "thread_not_found",
    }
)
"""Words for a message that can't be built upon any more: deleted, too old, or another app's."""


def word(answer: Answer) -> str:
    """The error's name; empty when there is none."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        found = {"error": answer.body}
    return one_line(str(found.get("error", "")))[:60] if isinstance(found, dict) else ""


def is_ok(answer: Answer) -> bool:
    """Whether Slack did what it was asked: status 200 alone does not say so."""
    return answer.status == 200 and '"ok": true' in answer.body


def is_clear_no(answer: Answer) -> bool:
    """Whether Slack surely did nothing: it said so itself, and not with an accident of its own."""
    accident = word(answer) in ("", "fatal_error", "internal_error", "request_timeout", "service_unavailable")
    return answer.status in (200, 429) and not is_ok(answer) and (answer.status == 429 or not accident)


def read(answer: Answer) -> Reading:
    """What an answer of the Web API means."""
    if answer.status is None:
        return read_status(answer)
    said = word(answer)
    if said in _GONE:
        return Reading(Meaning.GONE, f"{said}: {_GONE[said]}")
    if said in _REFUSED:
        return Reading(Meaning.REFUSED, f"{said}: {_REFUSED[said]}")
    if said in _ASKED or answer.status == 429:
        return Reading(Meaning.ASKED, f"{said or 'ratelimited'}: Slack asks us to wait")
    if is_ok(answer):
        return Reading(Meaning.DELIVERED, answer.error or "posted")
    return Reading(Meaning.BUSY, f"answered {answer.status} but not ok: {said or 'no JSON object'}")
