"""The settings: can each be used, is each name known, is what is secret kept so?"""

import difflib
import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError
from pydantic_settings import DotEnvSettingsSource

from services.cli.checks.finding import Finding, fault, named, ok, warning
from shared import outlets, policy, queue, settings
from shared.errors import BadInput, BadSetting, ForbiddenAddress
from shared.settings import Settings

CHECK = "settings"
PREFIX = "TOCSIN_"
ENV_FILE = Path(".env")
_HTTPS = 443


def known() -> list[str]:
    """Every variable that means something."""
    return [PREFIX + name.upper() for name in Settings.model_fields]


def read() -> tuple[Settings, list[Finding]]:
    """The settings and what is wrong with them; those that can't be used are at their defaults."""
    try:
        config = settings.load()
    except BadSetting as exc:
        return _without_the_bad(exc.__cause__), [_unusable(exc), *unknown(os.environ)]
    in_file = _in_file()
    here = [name for name in os.environ if name.upper() in known()]
    found = [
        *unknown([*os.environ, *in_file]),
        *foreign(os.environ),
        *judge(config),
        *own_outlets(config.outlets),
        *privacy(in_file, ENV_FILE.stat().st_mode if in_file else 0),
    ]
    return config, found or [_well(here, in_file)]


def _without_the_bad(cause: BaseException | None) -> Settings:
    if not isinstance(cause, ValidationError):
        return Settings(_env_file=None)  # .env itself can't be read
    bad = {str(error["loc"][0]) for error in cause.errors()}
    defaults: dict[str, Any] = {
        name: Settings.model_fields[name].get_default(call_default_factory=True) for name in bad
    }
    return Settings(**defaults)


def _unusable(exc: BadSetting) -> Finding:
    says = str(exc).removesuffix(" See docs/operating.md for every setting.")
    return fault(
        CHECK,
        says if says.endswith(".") else f"{says}.",
        "Correct it in the environment or in .env; what follows is judged without it.",
    )


def _in_file() -> Mapping[str, str | None]:
    """The variables that .env in this directory sets, in capitals."""
    if not ENV_FILE.is_file():
        return {}
    read = DotEnvSettingsSource(Settings, env_file=ENV_FILE).env_vars
    return {name.upper(): value for name, value in read.items() if name.upper().startswith(PREFIX)}


def unknown(names: Iterable[str]) -> list[Finding]:
    """A warning for each ``TOCSIN_`` variable that nobody reads, with the one that was perhaps meant."""
    found = []
    for name in sorted({name.upper() for name in names if name.upper().startswith(PREFIX)} - set(known())):
        near = difflib.get_close_matches(name, known(), n=1, cutoff=0.7)
        do = f"Did you mean {near[0]}?" if near else "Remove it, or see `.env.example` for those there are."
        found.append(warning(CHECK, f"{name} is set and means nothing to Tocsin.", do))
    return found


def foreign(variables: Iterable[str]) -> list[Finding]:
    """A warning when another project's Celery was configured here: ours takes its queue from our settings."""
    theirs = [name for name in queue.foreign(variables) if name.startswith("CELERY_")]
    if not theirs:
        return []
    says = f"Tocsin does not heed {named(theirs)}: its queue lies in its own Redis."
    return [warning(CHECK, says, "Nothing, if that is for another program; else set TOCSIN_REDIS_URL.")]


def judge(config: Settings) -> list[Finding]:
    """Values that can be used, but hardly can be meant."""
    found = []
    if any(network.prefixlen == 0 for network in config.allow_networks):
        says = "TOCSIN_ALLOW_NETWORKS names every address: feeds and hooks may reach all that is private."
        found.append(warning(CHECK, says, "Name only the networks that are yours and meant to be reached."))
    for name, ports, needs in (
        ("TOCSIN_FEED_PORTS", config.feed_ports, "almost every feed"),
        ("TOCSIN_HOOK_PORTS", config.hook_ports, "Slack and almost every webhook"),
    ):
        if odd := [port for port in ports if not 0 < port < 65_536]:
            says = f"{name} names {', '.join(map(str, odd))}, which can't be a port."
            found.append(warning(CHECK, says, "Ports are numbers from 1 to 65535."))
        if _HTTPS not in ports:
            says = f"{name} leaves out 443, which {needs} uses."
            found.append(warning(CHECK, says, f"Add it: {name}={','.join(map(str, (_HTTPS, *ports)))}"))
    if config.deadman_url is not None:
        try:
            policy.check_url(config.deadman_url.get_secret_value(), policy.hook_policy(config))
        except (BadInput, ForbiddenAddress) as exc:
            says = f"TOCSIN_DEADMAN_URL can't be used: {str(exc).rstrip('.')}."
            found.append(fault(CHECK, says, "Correct it; no notifier starts with it."))
    return found


def own_outlets(file: Path | None) -> list[Finding]:
    """A fault when the operator's own list of outlets can't be read, as no worker starts with it then."""
    if file is None:
        return []
    try:
        outlets.load(file)
    except BadSetting as exc:
        return [
            fault(
                CHECK, f"{exc}.", "Correct that line, or unset TOCSIN_OUTLETS; workers don't start with it."
            )
        ]
    return []


def privacy(in_file: Mapping[str, str | None], mode: int) -> list[Finding]:
    """A warning when others may read a ``.env`` that holds a secret."""
    password = urlsplit(in_file.get("TOCSIN_REDIS_URL") or "").password
    if stat.S_IMODE(mode) & 0o077 and (
        password or in_file.get("TOCSIN_SECRET_KEY") or in_file.get("TOCSIN_DEADMAN_URL")
    ):
        says = f"{ENV_FILE.absolute()} holds a secret, and others on this machine may read it."
        return [warning(CHECK, says, f"`chmod 600 {ENV_FILE.absolute()}`")]
    return []


def _well(here: Sequence[str], in_file: Mapping[str, str | None]) -> Finding:
    parts = [f"{len(here)} from the environment"] * bool(here)
    parts += [f"{len(in_file)} from {ENV_FILE.absolute()}"] if in_file else []
    return ok(CHECK, f"All can be used: {' and '.join(parts) or 'each is at its default'}.")
