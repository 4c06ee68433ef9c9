"""What an operator can set, read from ``TOCSIN_*`` in the environment and from ``.env``."""

import ipaddress
from functools import cached_property
from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.errors import BadSetting
from shared.names import Names

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Settings(BaseSettings):
    """All settings with their defaults; durations are in seconds unless the name says otherwise."""

    model_config = SettingsConfigDict(
        env_prefix="TOCSIN_", env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    # where things live
    redis_url: str | None = Field(None, description="Redis to use; unset: `tocsin up` starts a private one")
    key_prefix: str = Field("tocsin", description="First part of every Redis key")
    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("tocsin", appauthor=False)),
        description="Where the embedded Redis, the key and the admin token live",
    )
    redis_fsync: str = Field(
        "everysec", description="Embedded Redis: `everysec`, or `always` to survive a dead host"
    )
    redis_maxmemory: str = Field(
        "1gb", description="Embedded Redis: its memory limit; near it the poller waits, nothing is evicted"
    )
    secret_key: SecretStr | None = Field(
        None, description="Key that seals hook URLs and secrets; unset: one is made in the data directory"
    )
    log_format: str = Field("auto", description="`json`, `console`, or `auto`: console on a terminal")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    # poller
    poll_interval: int = Field(
        300, ge=1, description="Seconds between polls of a feed that sets nothing else"
    )
    fetch_timeout: float = Field(20.0, gt=0, description="Total time for one fetch")
    fetch_concurrency: int = Field(100, ge=1, description="Fetches at once in one poller")
    host_concurrency: int = Field(2, ge=1, description="Fetches at once from one host")
    max_feed_bytes: int = Field(5_000_000, ge=1000, description="A feed body larger than this is refused")
    user_agent: str = Field(
        "Tocsin/0.1", description="Sent to feeds and hooks; add an address at which you can be reached"
    )
    stale_after: float = Field(
        86_400, gt=0, description="Articles older than this when fetched are recorded silently"
    )
    sweep_after: float = Field(
        60, gt=0, description="A pending article that waited this long is enqueued again"
    )
    queue_ceiling: int = Field(5_000, ge=1, description="Above this many queued messages the poller waits")

    # what may be dialled
    allow_networks: Annotated[tuple[Network, ...], NoDecode] = Field(
        (), description="Private networks that feeds and hooks may reach, comma separated CIDRs"
    )
    feed_ports: Annotated[tuple[int, ...], NoDecode] = Field(
        (80, 443, 8080, 8443), description="Ports a feed may use"
    )
    hook_ports: Annotated[tuple[int, ...], NoDecode] = Field(
        (443, 8443), description="Ports a webhook may use"
    )

    # classifier
    worker_concurrency: int = Field(2, ge=1, description="Processes of one `tocsin worker`")
    task_time_limit: int = Field(
        60, ge=5, description="A batch of articles that takes longer is killed and split"
    )
    max_attempts: int = Field(3, ge=1, description="After so many deaths an article becomes a dead letter")

    # notifier
    delivery_timeout: float = Field(15.0, gt=0, description="Total time for one webhook or Slack attempt")
    parked_days: int = Field(14, ge=1, description="Days that a parked delivery waits for its endpoint")
    retry_schedule: Annotated[tuple[float, ...], NoDecode] = Field(
        (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400),
        description="Waits between attempts (Standard Webhooks); then the delivery is parked",
    )

    # api
    api_host: str = Field("127.0.0.1", description="Address the api listens on")
    api_port: int = Field(8600, ge=0, le=65535, description="Port the api listens on")

    @field_validator("allow_networks", "feed_ports", "hook_ports", "retry_schedule", mode="before")
    @classmethod
    def _split_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @cached_property
    def names(self) -> Names:
        """The Redis keys of this installation."""
        return Names(self.key_prefix)


def load() -> Settings:
    """Read the settings; raises ``BadSetting`` that names each bad variable and what is wrong with it."""
    try:
        return Settings()
    except ValidationError as exc:
        faults = "; ".join(
            f"TOCSIN_{'_'.join(str(p) for p in error['loc'][:1]).upper()}: {error['msg']}"
            for error in exc.errors()
        )
        raise BadSetting(f"{faults}. See docs/operating.md for every setting.") from exc
