"""URLs of Redis servers: what one may say, and the same server in the words of redis-py and of kombu.

redis-py takes anything as an option and fails when it connects; kombu knows other options, or none. So only
what both can be told is let in, and each is told it in its own way.
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlencode, urlsplit

SCHEMES = ("redis://", "rediss://", "unix://", "valkey://", "valkeys://")
_SAME = {"valkey": "redis", "valkeys": "rediss"}
_EVERYWHERE = ("db", "username", "password")
_WITH_TLS = ("ssl_cert_reqs", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_check_hostname")
_ANSWERS = {
    "db": r"\d{1,9}",
    "ssl_cert_reqs": "none|optional|required",
    "ssl_check_hostname": "(?i:true|false)",
}
"""What an option must look like whose value not every text can be."""


@dataclass(frozen=True)
class _Read:
    scheme: str
    parts: SplitResult
    database: str
    username: str
    password: str
    tls: dict[str, str]


def check(url: str) -> None:
    """Raise ``ValueError`` that says what is wrong with the URL and, as it may be secret, repeats nothing."""
    _read(url)


def for_redis(url: str) -> str:
    """The URL as redis-py takes it, which knows no ``valkey``."""
    scheme, _, rest = url.partition("://")
    return f"{_SAME.get(scheme, scheme)}://{rest}"


def for_kombu(url: str) -> str:
    """The same server as kombu takes it: ``redis+socket`` for a socket, user and database in their places."""
    read = _read(url)
    names = quote(read.username, safe=""), quote(read.password, safe="")
    user = f"{':'.join(names)}@" if any(names) else ""
    if read.scheme == "unix":
        database = f"?virtual_host={read.database}" if read.database else ""
        return f"redis+socket://{user}{read.parts.path}{database}"
    options = f"?{urlencode(read.tls)}" if read.tls else ""
    return f"{read.scheme}://{user}{read.parts.netloc.rpartition('@')[2]}/{read.database}{options}"


def _read(url: str) -> _Read:
    if not url.startswith(SCHEMES):
        raise ValueError(f"it must begin with one of {', '.join(SCHEMES)}, as in redis://localhost:6379/0")
    if not url.isprintable():
        raise ValueError("it has a character that can't be printed: write it as % and two digits")
    parts = _parts(url)
    scheme = _SAME.get(parts.scheme, parts.scheme)
    options = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    known = _EVERYWHERE + (_WITH_TLS if scheme == "rediss" else ())
    if not set(options) <= set(known):
        raise ValueError(f"it has an option after the ? that is none of {', '.join(known)}")
    for name, looks in _ANSWERS.items():
        if name in options and not re.fullmatch(looks, options[name], re.ASCII):
            raise ValueError(f"its option {name} has a value that can't be used")
    # Without a word redis-py asks for a certificate that holds; kombu has to be told to.
    tls = {"ssl_cert_reqs": "required"} if scheme == "rediss" else {}
    return _Read(
        scheme,
        parts,
        options.get("db") or ("" if scheme == "unix" else parts.path.strip("/")),
        unquote(parts.username or "") or options.get("username", ""),
        unquote(parts.password or "") or options.get("password", ""),
        tls | {name: options[name] for name in _WITH_TLS if name in options},
    )


def _parts(url: str) -> SplitResult:
    """The URL in parts, each of which can be used."""
    try:
        parts = urlsplit(url)
        _ = parts.port
        # As the name server will be asked: no label may be empty, or longer than 63 letters.
        host = unquote(parts.hostname or "").encode("idna")
        if b"\0" in host + unquote(parts.path).encode():
            raise ValueError("a zero")
    except ValueError as exc:
        raise ValueError("it has no usable host and port: write it like redis://localhost:6379/0") from exc
    if "#" in url:
        raise ValueError("it has a # in it: write that as %23")
    if parts.scheme == "unix" and (parts.hostname or not parts.path.strip("/")):
        raise ValueError(
            "it names no socket: write the whole path after three slashes, unix:///run/redis.sock"
        )
    if parts.scheme != "unix" and not re.fullmatch(r"/?|/\d{1,9}/?", parts.path, re.ASCII):
        raise ValueError(
            "what stands after the host must be the number of a database: redis://localhost:6379/0"
        )
    return parts
