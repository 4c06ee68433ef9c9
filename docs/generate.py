"""Writes the parts of the documentation that the code already knows, so that they can't differ from it.

``make docs`` writes them; a test fails when one is out of date:

- ``docs/schemas/*.json``: the JSON Schema of every record that crosses a process;
- ``.env.example``: every setting, commented out, with its default, and what the compose file reads besides;
- the tables of settings and metrics in ``docs/operating.md`` and of filter fields in ``docs/filters.md``,
  between ``<!-- generated: name -->`` and ``<!-- end: name -->``;
- the README's alert as JSON, and its pictures in ``docs/img/slack*.svg`` (``example.py``).

Never touches what people wrote.
"""

import ast
import inspect
import itertools
import json
import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from docs import example
from shared import contracts, filters, metrics
from shared.contracts import Record
from shared.settings import Settings, Takes

ROOT = Path(__file__).resolve().parent.parent
PER_USER = "data_dir"
"""The one setting whose default depends on the machine, so it is told in words."""
OF_COMPOSE = {
    "REDIS_FSYNC": (
        "`everysec`, `always`, `no`",
        "When writes reach the disk; `always` survives a dead host, and is slower",
    ),
    "REDIS_MAXMEMORY": (
        "bytes, or a number with kb, mb or gb",
        "Its memory limit; near it the poller waits, nothing is evicted",
    ),
}
"""What each variable takes and means that only the compose file reads; the defaults stand there."""


def records() -> dict[str, type[Record]]:
    """Every record by name, in alphabetical order."""
    found = {name: getattr(contracts, name) for name in sorted(contracts.__all__)}
    return {
        name: kind
        for name, kind in found.items()
        if inspect.isclass(kind) and issubclass(kind, Record) and kind is not Record
    }


def schema(kind: type[Record]) -> str:
    """The record's JSON Schema, with the sentences that its authors wrote under the fields."""
    found = kind.model_json_schema(mode="serialization")
    found = {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
    _describe(found, kind)
    for part in _parts(kind):
        _describe(found.get("$defs", {}).get(part.__name__, {}), part)
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class Variable:
    """One variable as the documentation shows it."""

    name: str
    default: str
    """As it would be written; empty when it is unset."""
    takes: str
    meaning: str


def variables() -> list[tuple[str, list[Variable]]]:
    """Every variable that anything here reads, under its heading."""
    groups = [(heading, [_setting(name) for name in names]) for heading, names in _groups()]
    return [*groups, ("compose file only, where Redis has a container of its own", _of_compose())]


def env_example() -> str:
    """``.env.example``: every variable commented out at its default."""
    lines = [
        "# Copy to .env and change what you need; docs/operating.md tells more. Written by `make docs`.",
    ]
    for heading, group in variables():
        lines += ["", f"# ---- {heading} ----"]
        for each in group:
            lines += [f"# {each.meaning}", f"# Takes: {each.takes}", f"#{each.name}={each.default}"]
    return "\n".join(lines) + "\n"


def settings_table() -> str:
    """The variables as Markdown, a table for each group."""
    lines: list[str] = []
    for heading, group in variables():
        title = heading[:1].upper() + heading[1:]
        lines += [f"### {title}", "", "| variable | default | takes | meaning |", "|---|---|---|---|"]
        for each in group:
            default = f"`{each.default}`" if each.default else "*unset*"
            shown = "*per user*" if each.name == f"TOCSIN_{PER_USER.upper()}" else default
            cells = (f"`{each.name}`", shown, each.takes, each.meaning)
            lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
        lines.append("")
    return "\n".join(lines)


def _setting(name: str) -> Variable:
    field = Settings.model_fields[name]
    takes = _takes(field)
    if field.examples:
        takes += f", such as `{field.examples[0]}`"
    return Variable(f"TOCSIN_{name.upper()}", _default(name), takes, field.description or "")


def _takes(field: FieldInfo) -> str:
    """What may be written: the words of a fixed choice, or a unit and its bounds."""
    words = next((f"{mark.words}" for mark in field.metadata if isinstance(mark, Takes)), "")
    if not words:
        return ", ".join(f"`{choice}`" for choice in get_args(field.annotation))
    bounds = {
        kind: getattr(mark, kind)
        for mark in field.metadata
        for kind in ("ge", "gt", "le")
        if hasattr(mark, kind)
    }
    if "le" in bounds:
        return f"{words}, {bounds['ge']} to {bounds['le']}"
    if "ge" in bounds:
        return f"{words}, {bounds['ge']} or more"
    return f"{words}, above {bounds['gt']}" if "gt" in bounds else words


def _of_compose() -> list[Variable]:
    """What the compose file reads that is no setting of ours; a new one must be explained here."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    found = dict(re.findall(r"\$\{([A-Z_]+):-([^}]*)\}", text))
    ours = {f"TOCSIN_{name.upper()}" for name in Settings.model_fields}
    others = {name: default for name, default in found.items() if name not in ours}
    if others.keys() != OF_COMPOSE.keys():
        odd = ", ".join(sorted(others.keys() ^ OF_COMPOSE.keys()))
        raise SystemExit(
            f"the compose file and OF_COMPOSE in docs/generate.py differ about {odd}: explain each"
        )
    return [Variable(name, others[name], *OF_COMPOSE[name]) for name in OF_COMPOSE]


def metrics_table() -> str:
    """The metrics as Markdown, with what its comment in the code says of a rise."""
    lines = ["| metric | is | mind |", "|---|---|---|"]
    # The comment above each metric says what to make of it; it is the only place where that stands.
    source = inspect.getsource(metrics)
    pattern = r"((?:^# .+\n)*)^([A-Z_]+) = Metric\("
    for comment, name in re.findall(pattern, source, flags=re.M):
        metric: metrics.Metric = getattr(metrics, name)
        labels = f" by {', '.join(f'`{label}`' for label in metric.labels)}" if metric.labels else ""
        said = [line.removeprefix("# ") for line in comment.splitlines() if not line.startswith("# --")]
        lines.append(f"| `{metric.name}`{labels} | {metric.help} | {' '.join(said)} |")
    return "\n".join(lines) + "\n"


def filters_table() -> str:
    """What each kind of field may be asked; the fields, with the words that those with fixed words take."""
    every = [
        op for op in filters.OPERATORS if all(op in field.operators for field in filters.FIELDS.values())
    ]
    lines = ["| kind of field | operators |", "|---|---|", f"| every | {_listed(every)} |"]
    for scale in filters.Scale:
        # A place is text with one operator more, which has its own paragraphs.
        field = next(each for each in filters.FIELDS.values() if each.scale is scale and not each.spot)
        lines.append(f"| {scale} | {_listed(op for op in field.operators if op not in every)} |")
    lines += ["", "| field | kind | values |", "|---|---|---|"]
    for name, field in filters.FIELDS.items():
        values = _listed(field.words, ", ")
        if field.country:
            values = "a country's three letters (ISO 3166-1), such as `IRQ`"
        kind = f"{field.scale}, and `within_km`" if field.spot else str(field.scale)
        lines.append(f"| `{name}` | {kind} | {values} |")
    return "\n".join(lines) + "\n"


def _listed(words: Iterable[str], between: str = " ") -> str:
    return between.join(f"`{word}`" for word in words)


def filled(page: str, name: str, text: str) -> str:
    """The page with ``text`` between the markers of ``name``; everything else stays as it is."""
    begin, end = f"<!-- generated: {name} -->", f"<!-- end: {name} -->"
    head, opened, rest = page.partition(begin)
    _, closed, tail = rest.partition(end)
    if not (opened and closed):
        raise SystemExit(f"a page has lost its markers; put back {begin} and {end}")
    return f"{head}{begin}\n\n{text}\n{end}{tail}"


def files() -> dict[Path, str]:
    """Every generated file with what it should hold."""
    operating, fields, readme = (
        ROOT / "docs" / "operating.md",
        ROOT / "docs" / "filters.md",
        ROOT / "README.md",
    )
    alert = example.alert()
    page = filled(operating.read_text(encoding="utf-8"), "settings", settings_table())
    return {
        **{
            ROOT / "docs" / "schemas" / f"{name.lower()}.json": schema(kind)
            for name, kind in records().items()
        },
        ROOT / ".env.example": env_example(),
        operating: filled(page, "metrics", metrics_table()),
        fields: filled(fields.read_text(encoding="utf-8"), "filters", filters_table()),
        readme: filled(readme.read_text(encoding="utf-8"), "alert", example.as_json(alert)),
        ROOT / "docs" / "img" / "slack.svg": example.in_slack(alert),
        ROOT / "docs" / "img" / "slack_thread.svg": example.in_a_thread(alert),
    }


def _groups() -> list[tuple[str, list[str]]]:
    """The settings under the headings that ``shared/settings.py`` has them under."""
    groups: list[tuple[str, list[str]]] = []
    for line in inspect.getsource(Settings).splitlines():
        if heading := re.match(r"    # (.+)$", line):
            groups.append((heading[1], []))
        elif (field := re.match(r"    (\w+): ", line)) and field[1] in Settings.model_fields:
            groups[-1][1].append(field[1])
    return [(heading, names) for heading, names in groups if names]


def _default(name: str) -> str:
    value: Any = Settings.model_fields[name].default
    if value is None or value is PydanticUndefined:
        return ""
    if isinstance(value, tuple):
        return ",".join(_plain(item) for item in value)
    return _plain(value)


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) and value < 1e6 else str(value)


def _parts(kind: type[BaseModel]) -> set[type[BaseModel]]:
    """The models that a record is made of."""
    listed = (getattr(contracts, name) for name in contracts.__all__)
    return {
        part for part in listed if inspect.isclass(part) and issubclass(part, BaseModel) and part is not kind
    }


def _describe(found: dict[str, Any], kind: type[BaseModel]) -> None:
    """Put the string under each field into the schema as its description."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    for field, note in itertools.pairwise(body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(note, ast.Expr)
            and isinstance(note.value, ast.Constant)
            and isinstance(note.value.value, str)
            and field.target.id in found.get("properties", {})
        ):
            found["properties"][field.target.id]["description"] = inspect.cleandoc(note.value.value)


def main() -> None:
    """Write what is out of date and say which files those were."""
    for path, text in files().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
