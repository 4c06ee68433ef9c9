"""Redis' troubles in the words of the house."""

import pytest
import redis

from shared.errors import StoreUnavailable
from shared.store import guarded


@pytest.mark.parametrize("said", ["Error 111 connecting to example.org:1. Connection refused.", "timed out"])
def test_an_absent_redis_is_told_with_advice_that_holds_with_or_without_one_of_your_own(said: str) -> None:
    with pytest.raises(StoreUnavailable) as caught, guarded("adding a feed"):
        raise redis.ConnectionError(said)
    assert "TOCSIN_REDIS_URL" in str(caught.value)
    assert "where that is not set, start one with `tocsin up`" in str(caught.value)
    assert "while adding a feed" in str(caught.value)
    assert ".)" not in str(caught.value)
    assert ".." not in str(caught.value)
