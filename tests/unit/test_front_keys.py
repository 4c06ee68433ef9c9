"""Api keys: what they allow and how they are told apart."""

from datetime import UTC, datetime

import pytest

from shared import keys
from shared.keys import ApiKey, Scope

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def _record(name: str, key: str) -> ApiKey:
    return ApiKey(name=name, scope=Scope.READ, digest=keys.digest(key), created_at=NOW)


@pytest.mark.parametrize(
    ("has", "covers"),
    [(Scope.READ, {"read"}), (Scope.WRITE, {"read", "write"}), (Scope.ADMIN, {"read", "write", "admin"})],
)
def test_a_scope_includes_the_ones_below(has: Scope, covers: set[str]) -> None:
    assert {str(needed) for needed in Scope if has.covers(needed)} == covers


def test_a_key_is_found_by_its_hash_and_only_whole() -> None:
    one, two = keys.draw(), keys.draw()
    known = [_record("one", one), _record("two", two)]
    found = keys.find(two, known)
    assert found is not None
    assert found.name == "two"
    assert keys.find(two[:-1], known) is None
    assert keys.find("", known) is None


def test_keys_are_recognisable_and_never_twice_the_same() -> None:
    drawn = {keys.draw() for _ in range(100)}
    assert len(drawn) == 100
    assert all(key.startswith("tocsin_") and len(key) > 40 for key in drawn)
