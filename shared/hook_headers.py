"""Headers of a subscriber's own, sent with each webhook: read as people write them, checked, kept as JSON.

Most hold a password for the endpoint's gateway, so no message of this file repeats a value.
"""

import json
import re
from collections.abc import Iterable, Mapping

from shared.errors import BadInput

MOST = 20
MAX_BYTES = 8_000
"""Of all of them as they are sent; many servers refuse a request with more than 8 kB of headers."""
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A token of RFC 9110, 5.6.2."""
_VALUE = re.compile(r"[\t\x20-\x7e]*")
"""Of RFC 9110, 5.5, without the bytes above ASCII, which servers read in different ways."""
_OURS = {
    "accept-encoding": "answers are read as they are",
    "content-encoding": "the body is sent as it was signed",
    "content-length": "it is counted",
    "content-type": "the body is JSON",
    "host": "it is the URL's",
    "connection": "it belongs to the connection",
    "expect": "it belongs to the connection",
    "keep-alive": "it belongs to the connection",
    "te": "it belongs to the connection",
    "trailer": "it belongs to the connection",
    "transfer-encoding": "it belongs to the connection",
    "upgrade": "it belongs to the connection",
}
_OUR_FAMILIES = {"webhook-": "Standard Webhooks signs with it", "proxy-": "it belongs to the connection"}
_SHORT = 4
"""Values below this many characters are not looked for in an answer: they would blot out half of it."""


def read(lines: Iterable[str]) -> dict[str, str]:
    """``Name: value`` lines as headers, empty lines left out; raises ``BadInput``, without a value in it."""
    found: dict[str, str] = {}
    for line in lines:
        if not line.strip():
            continue
        name, colon, value = line.partition(":")
        if not colon:
            raise BadInput("a header is written 'Name: value': there is no colon in one of them")
        _check_name(name)
        if name.lower() in (known.lower() for known in found):
            raise BadInput(f"the header {name} is given twice: give it once")
        found[name] = _checked_value(name, value)
    if len(found) > MOST:
        raise BadInput(f"{len(found)} headers are too many: give at most {MOST}")
    size = sum(len(name) + len(value) + len(": \r\n") for name, value in found.items())
    if size > MAX_BYTES:
        raise BadInput(f"{size:,} bytes of headers are too many: give at most {MAX_BYTES:,}")
    return found


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        # A line without a name may be all secret: only what can't be one is shown.
        raise BadInput("a header's name has letters, digits and hyphens, and no space before its colon")
    why = _OURS.get(name.lower()) or next(
        (why for family, why in _OUR_FAMILIES.items() if name.lower().startswith(family)), None
    )
    if why:
        raise BadInput(f"the header {name} is ours to set ({why}): leave it out")


def _checked_value(name: str, value: str) -> str:
    kept = value.strip(" \t")
    if not kept:
        raise BadInput(f"the header {name} has no value: write '{name}: value'")
    if not _VALUE.fullmatch(kept):
        raise BadInput(f"the header {name} has a line break or a character outside ASCII in its value")
    return kept


def packed(headers: Mapping[str, str]) -> str:
    """As one text, to be sealed; empty for none."""
    return json.dumps(dict(headers), separators=(",", ":")) if headers else ""


def unpacked(text: str) -> dict[str, str]:
    """What ``packed`` made."""
    found: dict[str, str] = json.loads(text) if text else {}
    return found


def blotted(text: str, headers: Mapping[str, str]) -> str:
    """An answer without the values of our headers, which some endpoints echo; nor the credentials in them."""
    secret: set[str] = set()
    for value in headers.values():
        # `Bearer abc`: the words behind the scheme alone betray it as well.
        secret |= {value, value.partition(" ")[2].strip()}
    secret |= {json.dumps(each)[1:-1] for each in secret}
    for each in sorted(secret, key=len, reverse=True):
        if len(each) >= _SHORT:
            text = text.replace(each, "***")
    return text
