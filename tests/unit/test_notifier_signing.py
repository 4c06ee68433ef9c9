"""A signing secret is changed in peace: who signs when, on plain values."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from shared import signing
from shared.contracts import Channel, Subscription
from shared.errors import BadInput
from shared.signing import in_force, new_secret, rotated, tidied
from shared.vault import Vault
from tests.support.notifier import NOON

VAULT = Vault([Fernet.generate_key().decode()])
DAY = timedelta(days=1)


def hook(*secrets: str) -> Subscription:
    sealed = tuple(VAULT.seal(secret) for secret in secrets)
    return Subscription(
        id="sub_a",
        channel=Channel.WEBHOOK,
        sealed_url="x",
        url_hint="x",
        sealed_secrets=sealed,
        created_at=NOON,
    )


def opened(found: Subscription, at: timedelta = timedelta(0)) -> list[str]:
    return [VAULT.open(sealed) for sealed in in_force(found, NOON + at)]


def turn(found: Subscription, secret: str, grace: timedelta, at: timedelta = timedelta(0)) -> Subscription:
    return rotated(found, secret, vault=VAULT, now=NOON + at, grace=grace)


def test_both_sign_in_the_grace_and_only_the_new_one_after_it() -> None:
    after = turn(hook("old"), "new", DAY)
    assert opened(after) == ["new", "old"]
    assert opened(after, DAY - timedelta(seconds=1)) == ["new", "old"]
    assert opened(after, DAY) == ["new"]
    assert tidied(after, NOON) is after
    clean = tidied(after, NOON + DAY)
    assert (opened(clean), clean.retire_at) == (["new"], None)


def test_a_second_rotation_in_a_grace_shortens_nothing_that_was_promised() -> None:
    twice = turn(turn(hook("old"), "new", DAY), "newest", timedelta(hours=1), at=timedelta(hours=2))
    assert opened(twice, timedelta(hours=23)) == ["newest", "new", "old"]
    assert opened(twice, DAY) == ["newest"]
    longer = turn(turn(hook("old"), "new", DAY), "newest", DAY, at=timedelta(hours=2))
    assert longer.retire_at == NOON + timedelta(hours=26)


def test_one_after_the_grace_does_not_bring_back_what_was_retired() -> None:
    after = turn(turn(hook("old"), "new", DAY), "newest", DAY, at=2 * DAY)
    assert opened(after, 2 * DAY) == ["newest", "new"]


def test_no_grace_retires_all_the_others_at_once() -> None:
    after = turn(turn(hook("old"), "new", DAY), "newest", timedelta(0))
    assert (opened(after), after.retire_at) == (["newest"], None)


def test_what_can_not_be_rotated_is_told() -> None:
    with pytest.raises(BadInput, match="only webhooks"):
        turn(hook(), "new", DAY)
    for grace in (timedelta(seconds=-1), signing.LONGEST_GRACE + timedelta(seconds=1)):
        with pytest.raises(BadInput, match="0 to 7 days"):
            turn(hook("old"), "new", grace)
    many = hook("old")
    for n in range(signing.AT_ONCE - 1):
        many = turn(many, f"new {n}", DAY)
    with pytest.raises(BadInput, match="5 secrets sign already"):
        turn(many, "one more", DAY)
    assert opened(turn(many, "one more", timedelta(0))) == ["one more"]


@given(st.lists(st.tuples(st.integers(0, 7 * 24), st.integers(0, 200)), max_size=12))
def test_every_old_one_signs_as_long_as_was_promised(turns: list[tuple[int, int]]) -> None:
    """Whatever the rotations: the newest always signs, nothing beyond the bound, no promise is broken."""
    found, now, promised = hook(new_secret()), 0, {}
    for n, (grace, pause) in enumerate(turns):
        now += pause
        newest = opened(found, timedelta(hours=now))[0]
        try:
            found = turn(found, f"secret {n}", timedelta(hours=grace), at=timedelta(hours=now))
        except BadInput:
            continue
        promised = {} if not grace else promised | {newest: now + grace}
        signs = opened(found, timedelta(hours=now))
        assert signs[0] == f"secret {n}"
        assert len(signs) <= signing.AT_ONCE
        assert {secret for secret, until in promised.items() if until > now} <= set(signs)
    assert len(opened(found, timedelta(hours=now) + signing.LONGEST_GRACE)) == 1
