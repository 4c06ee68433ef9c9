"""A Redis URL is taken when both our clients can do with it, and refused in words when they can't."""

import pytest
from celery import Celery
from pydantic import ValidationError
from redis.connection import parse_url

from shared.redis_url import for_kombu, for_redis
from shared.settings import Settings


@pytest.mark.parametrize(
    ("url", "kombus"),
    [
        ("redis://h", "redis://h/"),
        ("valkey://h:7000/2", "redis://h:7000/2"),
        ("redis://ann:p%40ss@h/2", "redis://ann:p%40ss@h/2"),
        ("redis://:p%2Fss@[fd00::1]:7000", "redis://:p%2Fss@[fd00::1]:7000/"),
        ("redis://h/1?db=3&password=p%40ss", "redis://:p%40ss@h/3"),
        ("unix:///run/a.sock", "redis+socket:///run/a.sock"),
        ("unix:///run/a.sock?db=1", "redis+socket:///run/a.sock?virtual_host=1"),
        ("unix:///run/a.sock?username=ann&password=x", "redis+socket://ann:x@/run/a.sock"),
        ("unix://ann:x@/run/a.sock", "redis+socket://ann:x@/run/a.sock"),
        ("rediss://h:1/2", "rediss://h:1/2?ssl_cert_reqs=required"),
        ("valkeys://h?ssl_cert_reqs=none", "rediss://h/?ssl_cert_reqs=none"),
    ],
)
def test_each_client_is_told_the_same_server_in_its_own_way(url: str, kombus: str) -> None:
    assert Settings(_env_file=None, redis_url=url).redis_url == url
    assert for_kombu(url) == kombus
    told = parse_url(for_redis(url))
    connection = Celery(broker=kombus, set_as_current=False).connection_for_write()
    if "path" not in told:
        assert (connection.hostname, connection.port or 6379) == (told.get("host"), told.get("port", 6379))
        assert (connection.userid, connection.password) == (told.get("username"), told.get("password"))
        assert (connection.virtual_host or "/").strip("/") == str(told.get("db", ""))


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://:hidden@example.org", "must begin with one of redis://"),
        ("redis://hidden:port/0", "no usable host and port"),
        ("redis://h:99999", "no usable host and port"),
        ("redis://[hidden", "no usable host and port"),
        ("redis://hidden..b:6379", "no usable host and port"),
        (f"redis://{'a' * 70}.example.org", "no usable host and port"),
        ("redis://hidden%00b", "no usable host and port"),
        ("redis://h/hidden", "the number of a database"),
        ("redis://h/1/2", "the number of a database"),
        ("redis://h?hidden=1", "none of db, username, password"),
        ("redis://h?socket_timeout=hidden", "none of db, username, password"),
        ("redis://h?ssl_cert_reqs=none", "none of db, username, password"),
        ("rediss://h?ssl_cert_reqs=hidden", "option ssl_cert_reqs has a value"),
        ("redis://h?db=hidden", "option db has a value"),
        ("redis://h?db=-1", "option db has a value"),
        ("redis://:12#hidden@h", "write that as %23"),
        ("redis://hid\nden", "can't be printed"),
        ("unix://hidden.sock", "names no socket"),
        ("unix:///", "names no socket"),
    ],
)
def test_what_either_client_would_stumble_over_is_refused_and_not_repeated(url: str, says: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(_env_file=None, redis_url=url)
    (error,) = caught.value.errors()
    assert says in error["msg"]
    assert "hidden" not in error["msg"]
