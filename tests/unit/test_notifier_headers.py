"""Headers of a subscriber's own: what is taken, what is refused, and that no message repeats a value."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import hook_headers
from shared.errors import BadInput
from shared.hook_headers import blotted, packed, read, unpacked


def test_headers_are_read_as_people_write_them() -> None:
    assert read(["Authorization: Bearer abc:def", "", "  ", "X-Desk:night "]) == {
        "Authorization": "Bearer abc:def",
        "X-Desk": "night",
    }
    assert read([]) == {}
    assert packed({}) == ""
    assert unpacked("") == {}


@pytest.mark.parametrize(
    "name",
    [
        *("Host", "content-length", "Content-Type", "Content-Encoding", "Accept-Encoding", "Expect"),
        *("CONNECTION", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Proxy-Authorization"),
        *("webhook-id", "Webhook-Signature", "webhook-anything"),
    ],
)
def test_what_is_ours_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="ours to set"):
        read([f"{name}: secret"])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("hunter2", "no colon"),
        (": hunter2", "letters, digits"),
        ("X-A : hunter2", "no space before"),
        ("X\nA: hunter2", "letters, digits"),
        ("Ä: hunter2", "letters, digits"),
        ("X-A:", "no value"),
        ("X-A: hunter2\r\nwebhook-id: x", "line break"),
        ("X-A: hunter2\n", "line break"),
        ("X-A: hunter2\x00", "line break"),
        ("X-A: hunter2é", "outside ASCII"),
    ],
)
def test_what_is_no_header_is_told_without_its_value(line: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as told:
        read([line])
    assert "hunter2" not in str(told.value)


def test_many_long_or_double_ones_are_refused() -> None:
    assert len(read(f"X-{n}: v" for n in range(hook_headers.MOST))) == hook_headers.MOST
    with pytest.raises(BadInput, match="at most 20"):
        read(f"X-{n}: v" for n in range(hook_headers.MOST + 1))
    with pytest.raises(BadInput, match="at most 8,000"):
        read([f"X-A: {'v' * hook_headers.MAX_BYTES}"])
    with pytest.raises(BadInput, match="twice"):
        read(["X-A: 1", "x-a: 2"])


@given(st.lists(st.text(max_size=60), max_size=25))
def test_whatever_is_written_what_is_taken_is_fit_to_be_sent(lines: list[str]) -> None:
    try:
        found = read(lines)
    except BadInput:
        return
    assert len(found) <= hook_headers.MOST
    for name, value in found.items():
        assert not {"\r", "\n", "\x00"} & set(name + value)
        assert (name + value).isascii()
        assert not name.lower().startswith("webhook-")
    assert unpacked(packed(found)) == found


def test_an_echo_does_not_betray_them() -> None:
    headers = {"Authorization": "Basic aHVudGVyMjpodW50ZXI=", "X-Key": 'a"quoted"secret', "X-N": "1"}
    echo = json.dumps({"seen": headers, "token": "aHVudGVyMjpodW50ZXI=", "1": 1})
    shown = blotted(echo, headers)
    assert "aHVudGVyMjp" not in shown
    assert "quoted" not in shown
    assert '"1": 1' in shown
