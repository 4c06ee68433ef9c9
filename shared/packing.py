"""How an incident stands in Redis: a header with its version, then its JSON under zlib.

That takes a quarter of the room. The header is for the classifier's script, which compares versions and reads
no JSON. What an older release kept is bare JSON, and is read as such.
"""

import zlib

HEADER = 8
"""Bytes before the packed JSON: ``Z`` and seven digits of the version."""
_FASTEST = 1
"""Of zlib's levels: the best packs a tenth smaller and takes half as long again."""


def header(version: int) -> str:
    """How a packed record of this version begins."""
    return f"Z{version % 10**7:07d}"


def pack(record: str, version: int) -> bytes:
    """The record's JSON, packed."""
    return header(version).encode() + zlib.compress(record.encode(), _FASTEST)


def is_packed(raw: bytes) -> bool:
    """Whether it has a header; what an older release kept has none."""
    return raw.startswith(b"Z")


def json_of(raw: bytes) -> bytes:
    """The JSON, packed or bare; what is neither comes back as it is, for a reader to refuse."""
    if not is_packed(raw):
        return raw
    try:
        return zlib.decompress(raw[HEADER:])
    except zlib.error:
        return raw
