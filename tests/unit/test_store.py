"""Redis' troubles in the words of the house."""

import pytest
import redis

from shared.errors import StoreUnavailable
from shared.store import guarded, refusal


@pytest.mark.parametrize("said", ["Error 111 connecting to example.org:1. Connection refused.", "timed out"])
def test_an_absent_redis_is_told_with_advice_that_holds_with_or_without_one_of_your_own(said: str) -> None:
    with pytest.raises(StoreUnavailable) as caught, guarded("adding a feed"):
        raise redis.ConnectionError(said)
    assert "TOCSIN_REDIS_URL" in str(caught.value)
    assert "where that is not set, start one with `tocsin up`" in str(caught.value)
    assert "while adding a feed" in str(caught.value)
    assert ".)" not in str(caught.value)
    assert ".." not in str(caught.value)


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (
            redis.AuthenticationError("invalid username-password pair or user is disabled."),
            "Redis wants another password while adding a feed "
            "(invalid username-password pair or user is disabled): correct TOCSIN_REDIS_URL",
        ),
        (redis.AuthenticationError("Authentication required."), "Redis wants another password"),
        (redis.ResponseError("DB index is out of range"), "Redis has fewer databases while adding a feed"),
        (redis.exceptions.NoPermissionError("no permissions"), "Redis forbids its user to do that"),
        (redis.ResponseError("MISCONF Errors writing to the AOF file"), "see whether its disk is full"),
    ],
)
def test_a_refusal_is_told_by_what_helps_and_not_as_absence(raised: Exception, said: str) -> None:
    with pytest.raises(StoreUnavailable) as caught, guarded("adding a feed"):
        raise raised
    assert said in str(caught.value)
    assert "see that the one of" not in str(caught.value)


@pytest.mark.parametrize(
    "said", ["NOGROUP No such key", "WRONGTYPE Operation against a key", "ERR in script"]
)
def test_an_answer_that_a_caller_reads_or_that_is_a_fault_of_ours_stays_what_it_is(said: str) -> None:
    with pytest.raises(redis.ResponseError) as caught, guarded("reading"):
        raise redis.ResponseError(said)
    assert refusal(caught.value) is None
