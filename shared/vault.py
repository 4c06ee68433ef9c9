"""Seals what must not be read in Redis: hook URLs and signing secrets, with a key that is never in Redis.

The key is ``TOCSIN_SECRET_KEY``, else the file ``secret.key`` in the data directory, which the first process
that needs it makes. Either may hold several keys, separated by commas or lines: the first one seals, all of
them open, so a key is changed by putting the new one in front.
"""

import errno
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from shared.errors import BadSetting
from shared.settings import Settings

KEY_FILE = "secret.key"
PUT_BACK = (
    "Put it back from your backup, or set TOCSIN_SECRET_KEY as where they were made; without either, remove "
    "the subscriptions (`tocsin subscriptions remove ID`) and make them again."
)
"""What to do when the key is gone and what it sealed is not."""
_HOW = "make one with `openssl rand -base64 32`"


class Vault:
    """Seals text and opens it again; two vaults with the same settings open each other's."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise BadSetting(f"no key to seal secrets with: set TOCSIN_SECRET_KEY; {_HOW}")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as exc:
            raise BadSetting(f"TOCSIN_SECRET_KEY is not a key of 32 bytes in base64: {_HOW}") from exc

    def seal(self, text: str) -> str:
        """Encrypt and authenticate the text; sealing it twice gives two different strings."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """What was sealed; raises ``BadSetting`` when no key at hand sealed it."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except (InvalidToken, ValueError) as exc:
            raise BadSetting(
                "a stored hook URL or secret was sealed with another key: put that key after a comma in "
                "TOCSIN_SECRET_KEY (or in secret.key), or remove the subscription and make it again"
            ) from exc


def key_file(settings: Settings) -> Path:
    """Where the key lies that is not given as a setting."""
    return settings.data_dir.expanduser().absolute() / KEY_FILE


def is_missing(settings: Settings) -> bool:
    """Whether there is no key yet, or no more: ``open_vault`` would make one."""
    try:
        return settings.secret_key is None and not key_file(settings).exists()
    except OSError:
        return False  # something is there, and ``open_vault`` tells what is wrong with it


def open_vault(settings: Settings) -> Vault:
    """The vault of this installation; makes the key file if there is no key yet. Raises ``BadSetting``."""
    if settings.secret_key is not None:
        return Vault(_split(settings.secret_key.get_secret_value()))
    path = key_file(settings)
    try:
        if not path.exists():
            _make(path)
        return Vault(_split(path.read_text(encoding="utf-8")))
    except UnicodeError as exc:
        raise BadSetting(
            f"can't use the key file {path}, which is no text: put yours back, or set TOCSIN_SECRET_KEY"
        ) from exc
    except OSError as exc:
        full = exc.errno in (errno.ENOSPC, errno.EDQUOT)
        help_it = "make room there" if full else "make it readable for you"
        raise BadSetting(
            f"can't use the key file {path} ({exc.strerror}): {help_it}, or set TOCSIN_SECRET_KEY"
        ) from exc


def _split(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _make(path: Path) -> None:
    """Write a new key whole and on disk, or leave the one that another process made at the same moment."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(Fernet.generate_key() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link either takes the name or fails: a reader never sees half a key, and nobody's is replaced.
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink(missing_ok=True)
