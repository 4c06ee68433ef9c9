"""The key that seals hook URLs and secrets: is it here, is it private, does it open what was sealed?"""

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from services.cli.checks.finding import Finding, count, fault, named, ok, warning
from services.cli.checks.records import Told
from shared.errors import BadSetting
from shared.settings import Settings
from shared.vault import PUT_BACK, Vault, key_file, open_vault

CHECK = "key"


@dataclass(frozen=True)
class Key:
    """Where the key comes from, and whether it can be used."""

    source: str
    there: bool = True
    unusable: str = ""
    readable_by_others: bool = False
    vault: Vault | None = None


def look(config: Settings) -> Key:
    """Find the key; never makes one, as a start would."""
    path = key_file(config)
    given = config.secret_key is not None
    source = "TOCSIN_SECRET_KEY" if given else str(path)
    try:
        if not given and not path.exists():
            return Key(source, there=False)
        open_to_others = not given and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
        return Key(source, readable_by_others=open_to_others, vault=open_vault(config))
    except OSError as exc:
        return Key(source, unusable=f"Can't read the key file {path} ({exc.strerror})")
    except BadSetting as exc:
        return Key(source, unusable=str(exc))


def judge(key: Key, told: Sequence[Told] | None) -> list[Finding]:
    """What is the matter with the key; ``told`` is None where the records could not be read."""
    if key.unusable:
        return [fault(CHECK, f"{key.unusable}.", "Nothing can be subscribed or sent until it can be used.")]
    if not key.there:
        if told:
            says = f"The key that opens {count(len(told), 'subscription')} is missing: {key.source}."
            return [fault(CHECK, says, PUT_BACK)]
        return [ok(CHECK, f"There is none yet; the first start makes one, {Path(key.source).name}.")]
    found = []
    if key.readable_by_others:
        found.append(
            warning(CHECK, f"Others on this machine may read {key.source}.", f"`chmod 600 {key.source}`")
        )
    if shut := [each.subscription.id for each in told or () if not _opens(key.vault, each)]:
        sealed = count(len(shut), "subscription", "was")
        says = f"{sealed} sealed with another key than that of {key.source}: {named(shut)}."
        do = "Put that key behind this one, after a comma, or remove the subscription and make it again."
        found.append(fault(CHECK, says, do))
    return found or [
        ok(CHECK, f"{key.source} opens all that was sealed." if told else f"It is in {key.source}.")
    ]


def _opens(vault: Vault | None, each: Told) -> bool:
    if vault is None:
        return False
    try:
        made = each.subscription
        headers = (made.sealed_headers,) if made.sealed_headers else ()
        for sealed in (made.sealed_url, *made.sealed_secrets, *headers):
            vault.open(sealed)
    except BadSetting:
        return False
    return True
