"""The filter that was typed: itself, or the contents of a file that is named after an ``@``."""

from pathlib import Path

from services.cli.terminal.usage import BadUsage

MAX_BYTES = 100_000
"""Of a file, its indentation included; a filter of so many is refused anyway."""


def filter_of(typed: str) -> str:
    """The filter's text; raises ``BadUsage`` when the file can't be read."""
    if not typed.startswith("@"):
        return typed
    file = typed[1:]
    try:
        with Path(file).open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
        # What is cut off in the middle of a letter is too long, not unreadable.
        text = raw.decode("utf-8-sig", "ignore" if len(raw) > MAX_BYTES else "strict")
    except (OSError, ValueError) as exc:
        why = exc.strerror if isinstance(exc, OSError) else "it is not text in UTF-8"
        raise BadUsage(f"can't read {file!r} ({why}): name a file with a filter after the @") from exc
    if len(raw) > MAX_BYTES:
        raise BadUsage(f"{file} is larger than {MAX_BYTES:,} bytes: name a file with a filter after the @")
    # JSON has no line breaks within its words: without the indentation more of it fits.
    lines = (line.strip() for line in text.splitlines())
    return " ".join(filter(None, lines)) if text.lstrip().startswith("{") else text.strip()
