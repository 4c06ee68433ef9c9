"""What ``tocsin up`` says when all is ready, and the admin key that it makes at the first start.

The first start shows where things live and the commands that matter, as they can be typed in another
terminal; a later one says how many feeds and subscriptions there are, and what is wrong.
"""

import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from services.cli.checks.finding import Finding, Verdict, count
from services.cli.keys import ADMIN, admin_token
from shared import keys, store
from shared.errors import BadInput, StoreUnavailable
from shared.keys import Scope
from shared.settings import Settings

if TYPE_CHECKING:
    import redis

_NOT_REPEATED = frozenset({"TOCSIN_REDIS_URL", "TOCSIN_SECRET_KEY"})
"""Variables that may hold a password: a terminal's history is no place for them."""
_NOT_THEIRS = frozenset({"TOCSIN_LOG_FORMAT", "TOCSIN_LOG_LEVEL", "TOCSIN_WORKER_CONCURRENCY"})
"""Variables of the services, which no command needs to be told."""


@dataclass(frozen=True)
class Place:
    """Where this installation stands, as somebody at another terminal must know it."""

    command: str
    """How `tocsin` is called there."""
    directory: Path | None = None
    """Where to call it, when that matters: ``command`` is relative to it, or its ``.env`` is read."""
    variables: Mapping[str, str] | None = None
    """What must be set there as it is here."""


@dataclass(frozen=True)
class Arrival:
    """What is there when everything runs: addresses, files, counts, findings."""

    url: str
    data_dir: Path
    token: Path | None
    """The file with the admin key; None where another machine has that key, or where it can't be written."""
    key_is_new: bool = False
    trouble: str = ""
    """What kept the key from being made."""
    feeds: int = 0
    subscriptions: int = 0
    faults: Sequence[Finding] = ()


def welcome(config: Settings, url: str, port: int) -> list[str]:
    """The lines to print once everything runs; makes the admin key where there is none."""
    host = f"[{config.api_host}]" if ":" in config.api_host else config.api_host
    arrival = _arrive(config, url, f"http://{host}:{port}")
    return words(arrival, place(os.environ))


def words(arrival: Arrival, there: Place) -> list[str]:
    """What to say of the arrival: everything at the first start, a line or two later."""
    ready = f"Tocsin is ready on {arrival.url}"
    first = arrival.key_is_new or not arrival.feeds
    if not first:
        known = f"{count(arrival.feeds, 'feed')}, {count(arrival.subscriptions, 'subscription')}"
        lines = [f"{ready}: {known}"]
        if not arrival.subscriptions:
            lines.append(f"nobody is subscribed yet: {there.command} subscribe slack URL")
    else:
        lines = [ready, "", *_where(arrival), "", *_next(arrival, there), ""]
    if arrival.trouble:
        lines.append(arrival.trouble)
    lines += [f"{fault.check}: {fault.says} {fault.do}" for fault in arrival.faults]
    return lines


def _where(arrival: Arrival) -> list[str]:
    rows = [
        ("data and keys", str(arrival.data_dir)),
        ("api", "/v1/alerts, /readyz, /metrics"),
    ]
    if arrival.token:
        rows.insert(1, ("key for the api", f"{arrival.token} (all rights; yours alone to read)"))
    wide = max(len(name) for name, _ in rows)
    return [f"  {name:<{wide}}  {what}" for name, what in rows]


def _next(arrival: Arrival, there: Place) -> list[str]:
    has_no_feeds = not arrival.feeds
    so_far = "It has no feeds yet. " if has_no_feeds else ""
    steps = [
        ("feeds import --default", "about 60 feeds of world news; or: feeds add URL"),
        ("subscribe slack URL", "send alerts on; or: subscribe webhook URL"),
        ("tail", "see them as they ring"),
    ]
    if not has_no_feeds:
        steps[0] = ("feeds list", f"how the {count(arrival.feeds, 'feed')} fare")
    wide = max(len(step) for step, _ in steps)
    return [
        f"{so_far}In a second terminal:",
        "",
        *([f"  cd {shlex.quote(str(there.directory))}"] if there.directory else []),
        *_set_there(there.variables or {}),
        *(f"  {there.command} {step:<{wide}}   # {what}" for step, what in steps),
    ]


def _set_there(variables: Mapping[str, str]) -> list[str]:
    plain = [f"{name}={shlex.quote(value)}" for name, value in variables.items() if name not in _NOT_REPEATED]
    secret = [name for name in variables if name in _NOT_REPEATED]
    lines = [f"  export {' '.join(plain)}"] if plain else []
    if secret:
        lines.append(f"  # set {' and '.join(secret)} as you did here")
    return lines


# ---- how to call us from elsewhere ----------------------------------------------------------------


def place(environment: Mapping[str, str]) -> Place:
    """How this installation is called from another terminal of this machine."""
    here = _here()
    script = Path(sys.executable).parent / "tocsin"
    found = shutil.which("tocsin")
    activated = "VIRTUAL_ENV" in environment
    command = typed(
        on_path=Path(found) if found else None,
        script=script if script.exists() else None,
        here=here,
        activated=activated,
    )
    variables = {
        name: value
        for name, value in sorted(environment.items())
        if name.startswith("TOCSIN_") and name not in _NOT_THEIRS
    }
    is_relative = command != "tocsin" and not Path(shlex.split(command)[0]).is_absolute()
    bound = is_relative or (here is not None and (here / ".env").is_file())
    return Place(command, here if bound else None, variables)


def _here() -> Path | None:
    """The current directory; None when it was deleted under us."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return None


def typed(*, on_path: Path | None, script: Path | None, here: Path | None, activated: bool) -> str:
    """The word to type for `tocsin`, also where this terminal's environment is not activated."""
    for_everyone = on_path is not None and not (activated and on_path == script)
    if for_everyone:
        return "tocsin"
    if script is None:
        return f"{shlex.quote(sys.executable)} -m services.cli"
    if here is not None and script.is_relative_to(here):
        script = script.relative_to(here)
    return shlex.quote(str(script))


# ---- what is there ----------------------------------------------------------------------------------


def _arrive(config: Settings, url: str, shown: str) -> Arrival:
    # Here, not above: the checks bring half the house with them, which a start must not wait for.
    from services.cli.doctor import examine

    file, token = admin_token(config), None
    key_is_new, trouble, feeds, subscriptions = False, "", 0, 0
    try:
        with store.connect(url) as client:
            feeds, subscriptions = _counts(client, config)
            try:
                key_is_new = keep_admin_token(client, config, file, now=datetime.now(UTC))
                token = file
            except BadInput:  # another machine on this Redis has that key, or what was our file is none now
                if file.exists():
                    trouble = (
                        f"no admin key: {file} does not hold it; after `tocsin keys revoke {ADMIN}` the next "
                        "start makes a new one"
                    )
    except OSError as exc:
        trouble = f"no admin key: {file} can't be used ({exc.strerror}); see `tocsin keys add`"
    except StoreUnavailable as exc:
        trouble = str(exc)
    findings = examine(config).findings
    faults = [finding for finding in findings if finding.verdict is Verdict.FAULT]
    data_dir = config.data_dir.expanduser().absolute()
    return Arrival(shown, data_dir, token, key_is_new, trouble, feeds, subscriptions, faults)


def _counts(client: "redis.Redis", config: Settings) -> tuple[int, int]:
    with store.guarded("counting feeds and subscriptions"):
        return int(client.hlen(config.names.feeds)), int(client.hlen(config.names.subscriptions))


def keep_admin_token(client: "redis.Redis", config: Settings, token: Path, *, now: datetime) -> bool:
    """See that ``token`` holds an admin key that opens the api, in a file that only its owner can read.

    Returns whether the key is new. The file survives an emptied Redis: its key is then added again; one that
    was revoked, here or elsewhere, gives way to a new one, and so does whatever is no key of ours. Raises
    ``BadInput`` when another key has the name ``admin``; that one is left alone, and no file is made.
    """
    old = key = _kept(token)
    new = key is None or keys.is_revoked(client, config.names, key)
    if key is None or new:
        taken = any(known.name == ADMIN for known in keys.everyone(client, config.names))
        if taken and _kept(token) == old:
            raise BadInput(f"A key named {ADMIN} exists, and {token} does not hold it")
        # The file first: a crash between the two leaves a key that is added the next time.
        key = _keep(keys.draw(), token, instead_of=old)
    try:
        keys.add(client, config.names, ADMIN, Scope.ADMIN, now=now, key=key)
    except BadInput:
        if new and _kept(token) == key:
            token.unlink(missing_ok=True)
        raise
    return new


def _kept(token: Path) -> str | None:
    """The key in the file; None when there is none, or something else lies there."""
    try:
        key = token.read_text(encoding="utf-8").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    return key if keys.is_ours(key) else None


def _keep(key: str, token: Path, *, instead_of: str | None) -> str:
    """Put the key into the file, whole or not at all, for its owner alone; returns the key that is there.

    ``instead_of`` gives way, and so does what is no key. Another key of ours was put there by another start
    at the same moment: then that one holds.
    """
    token.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=f".{token.name}.", dir=token.parent)  # 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(key + "\n")
            file.flush()
            os.fsync(handle)
        try:
            os.link(draft, token)
        except FileExistsError:
            found = _kept(token)
            if found is not None and found != instead_of:
                return found
            Path(draft).replace(token)
    finally:
        Path(draft).unlink(missing_ok=True)
    return key
