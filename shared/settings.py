"""What an operator can set, read from ``TOCSIN_*`` in the environment and from ``.env``."""

import ipaddress
import math
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.errors import BadSetting
from shared.names import Names
from shared.redis_url import check as check_redis_url

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_MEMORY = re.compile(r"\d+(b|kb?|mb?|gb?)?", re.ASCII | re.IGNORECASE)
_SECRET = frozenset({"redis_url", "secret_key", "deadman_url"})
"""Settings whose value a message never repeats."""


@dataclass(frozen=True)
class Takes:
    """What to write as a setting's value, its unit or its form, for the documentation."""

    words: str


SECONDS, NUMBER, PORTS = Takes("seconds"), Takes("a number"), Takes("ports with commas between")


class Settings(BaseSettings):
    """All settings with their defaults.

    The comments are headings of the documentation, and say which part reads what stands below.
    """

    model_config = SettingsConfigDict(
        env_prefix="TOCSIN_", env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    # where things live, for every part
    redis_url: Annotated[str | None, Takes("URL of a server")] = Field(
        None,
        description="Redis to use; unset: `tocsin up` starts a private one",
        examples=["redis://:PASSWORD@redis.example.org:6379/0"],
    )
    key_prefix: Annotated[str, Takes("a word")] = Field("tocsin", description="First part of every Redis key")
    data_dir: Annotated[Path, Takes("a directory")] = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("tocsin", appauthor=False)),
        description="Where the private Redis, the key and the admin token live",
        examples=["/var/lib/tocsin"],
    )
    secret_key: Annotated[SecretStr | None, Takes("32 bytes in base64; several with commas between")] = Field(
        None, description="Key that seals hook URLs and secrets; unset: one is made in the data directory"
    )
    log_format: Literal["auto", "json", "console"] = Field(
        "auto", description="How the log is written; `auto` is `console` on a terminal, else `json`"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="What is logged: this, and what is graver"
    )

    # the private Redis, for `tocsin up` and for a command that runs without it
    redis_fsync: Literal["everysec", "always", "no"] = Field(
        "everysec", description="When writes reach the disk; `always` survives a dead host, and is slower"
    )
    redis_maxmemory: Annotated[str, Takes("bytes, or a number with kb, mb or gb")] = Field(
        "1gb",
        description="Its memory limit; near it the poller waits, nothing is evicted",
        examples=["512mb"],
    )

    # poller
    poll_interval: Annotated[int, SECONDS] = Field(
        300, ge=1, description="Between polls of a feed that sets nothing else; noted when the feed is added"
    )
    fetch_timeout: Annotated[float, SECONDS] = Field(20.0, gt=0, description="Total time for one fetch")
    fetch_concurrency: Annotated[int, NUMBER] = Field(100, ge=1, description="Fetches at once in one poller")
    host_concurrency: Annotated[int, NUMBER] = Field(2, ge=1, description="Fetches at once from one host")
    max_feed_bytes: Annotated[int, Takes("bytes")] = Field(
        5_000_000, ge=1000, description="A feed body larger than this is refused"
    )
    user_agent: Annotated[str, Takes("one line")] = Field(
        "Tocsin/0.1",
        description="Sent to feeds, and by the notifier to hooks; add an address at which you can be reached",
        examples=["Tocsin/0.1 (+https://desk.example.org/bot)"],
    )
    stale_after: Annotated[float, SECONDS] = Field(
        86_400,
        gt=0,
        description="Articles older than this when fetched are recorded silently; workers read it too",
    )
    sweep_after: Annotated[float, SECONDS] = Field(
        60, gt=0, description="A pending article that waited this long is enqueued again"
    )
    queue_ceiling: Annotated[int, Takes("messages")] = Field(
        5_000, ge=1, description="While more of them wait in the queue, the poller waits"
    )

    # what may be dialled, for poller, notifier and command line
    allow_networks: Annotated[tuple[Network, ...], NoDecode, Takes("networks with commas between")] = Field(
        (),
        description="Private networks that feeds and hooks may reach, by any port",
        examples=["10.20.0.0/16,192.168.7.5"],
    )
    feed_ports: Annotated[tuple[int, ...], NoDecode, PORTS] = Field(
        (80, 443, 8080, 8443), description="Ports a feed may use"
    )
    hook_ports: Annotated[tuple[int, ...], NoDecode, PORTS] = Field(
        (443, 8443), description="Ports a webhook may use"
    )

    # classifier
    worker_concurrency: Annotated[int, NUMBER] = Field(
        2, ge=1, description="Processes of one `tocsin worker`"
    )
    task_time_limit: Annotated[int, SECONDS] = Field(
        60,
        ge=5,
        description="A batch of articles that takes longer is killed and split; the poller reads it too",
    )
    max_attempts: Annotated[int, NUMBER] = Field(
        3, ge=1, description="After so many deaths an article becomes a dead letter"
    )
    quiet_period: Annotated[float, SECONDS] = Field(
        1800,
        ge=0,
        description="For one reason an incident rings once in this time, and later changes wait for its end; "
        "0: every change rings at once",
    )
    outlets: Annotated[Path | None, Takes("a file")] = Field(
        None,
        description="Your own outlets, in the columns of `shared/outlets/outlets.tsv`; a row replaces ours",
    )

    # notifier
    delivery_timeout: Annotated[float, SECONDS] = Field(
        15.0, gt=0, description="Total time for one webhook or Slack attempt"
    )
    parked_days: Annotated[int, Takes("days")] = Field(
        14, ge=1, description="How long a parked delivery waits for its endpoint"
    )
    disable_after_days: Annotated[int, Takes("days")] = Field(
        5, ge=0, description="A subscription whose endpoint took nothing for so long is disabled; 0: never"
    )
    retry_schedule: Annotated[
        tuple[float, ...], NoDecode, Takes("seconds with commas between, each above 0")
    ] = Field(
        (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400),
        description="Waits between attempts (Standard Webhooks); then the delivery is parked",
    )

    public_url: Annotated[str, Takes("an address")] = Field(
        "",
        description="Where readers reach this installation; chat messages link to `/incidents/ID` under it",
        examples=["https://tocsin.example.org"],
    )

    # watch, in the notifier
    heartbeat_every: Annotated[float, SECONDS] = Field(
        300,
        ge=0,
        description="Between two `system.heartbeat` events, for subscriptions that name the kind; 0: none",
    )
    silent_after: Annotated[float, SECONDS] = Field(
        3600, gt=0, description="No article for so long is told as `system.degraded`"
    )
    lag_after: Annotated[float, SECONDS] = Field(
        900, gt=0, description="An article or alert that has waited so long is told as `system.degraded`"
    )
    deadman_url: Annotated[SecretStr | None, Takes("a URL, which is a secret")] = Field(
        None,
        description="Fetched every minute while all is well, so that its service rings when it is not",
        examples=["https://hc-ping.com/UUID"],
    )

    # api
    api_host: Annotated[str, Takes("an address")] = Field(
        "127.0.0.1",
        description="Address the api listens on; `0.0.0.0` is every one of this machine",
    )
    api_port: Annotated[int, Takes("a port")] = Field(
        8600, ge=0, le=65535, description="Port the api listens on; 0 takes any that is free"
    )

    @field_validator("feed_ports", "hook_ports", "retry_schedule", mode="before")
    @classmethod
    def _split_commas(cls, value: object) -> object:
        return _parts(value) if isinstance(value, str) else value

    @field_validator("allow_networks", mode="before")
    @classmethod
    def _read_networks(cls, value: object) -> object:
        return tuple(map(_network, _parts(value))) if isinstance(value, str) else value

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("redis_url")
    @classmethod
    def _check_redis_url(cls, value: str | None) -> str | None:
        if not value:
            return None
        check_redis_url(value)
        return value

    @field_validator("key_prefix")
    @classmethod
    def _check_prefix(cls, value: str) -> str:
        # Redis reads some of these as patterns, and braces as the part of a key that places it.
        if not value or any(
            sign in "*?[]^\\{}" or sign.isspace() or not sign.isprintable() for sign in value
        ):
            raise ValueError("it must be a word without spaces and none of * ? [ ] ^ \\ { }")
        return value

    @field_validator("redis_maxmemory")
    @classmethod
    def _check_memory(cls, value: str) -> str:
        if not _MEMORY.fullmatch(value):
            raise ValueError("it must be a number of bytes, or one with a unit: 512mb, 2gb")
        return value

    @field_validator("user_agent")
    @classmethod
    def _check_user_agent(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("it must be one line without control characters")
        return value

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, value: str) -> str:
        if not value:
            return ""
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("it must be an address like https://tocsin.example.org")
        return value.rstrip("/")

    @field_validator("retry_schedule")
    @classmethod
    def _check_schedule(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if not all(math.isfinite(wait) and wait > 0 for wait in value):
            raise ValueError("each wait must be a number of seconds above 0")
        return value

    @field_validator("outlets", "deadman_url", mode="before")
    @classmethod
    def _none_if_empty(cls, value: object) -> object:
        return value or None

    @field_validator("data_dir", "outlets")
    @classmethod
    def _at_home(cls, value: Path | None) -> Path | None:
        try:
            return value.expanduser() if value is not None else None
        except RuntimeError as exc:
            raise ValueError(f"{exc}: write the path in full") from exc

    @cached_property
    def names(self) -> Names:
        """The Redis keys of this installation."""
        return Names(self.key_prefix)


def load() -> Settings:
    """Read the settings; raises ``BadSetting`` that names each bad variable and what is wrong with it."""
    try:
        return Settings()
    except ValidationError as exc:
        faults = "; ".join(dict.fromkeys(_fault(error) for error in exc.errors()))
        raise BadSetting(f"{faults}. See docs/operating.md for every setting.") from exc
    except (OSError, ValueError) as exc:
        raise BadSetting(
            f".env in this directory can't be read ({exc}): save it as UTF-8 that you may read, or remove it"
        ) from exc


def _fault(error: Any) -> str:
    """One fault in words: the variable, what was given (unless it is secret), what it should be."""
    name = str(error["loc"][0])
    shown = "" if name in _SECRET else f" is {error['input']!r}"
    said = error["msg"].removeprefix("Value error, ")
    return f"TOCSIN_{name.upper()}{shown}: {said[:1].lower()}{said[1:]}"


def _parts(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _network(value: str) -> Network:
    try:
        return ipaddress.ip_network(value)
    except ValueError:
        pass
    try:
        meant = ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise ValueError(f"{value} is not a network: write it like 10.20.0.0/16") from None
    raise ValueError(f"{value} is an address in a network: write {meant}, or {value.partition('/')[0]} alone")
