"""The alert that the README shows: coded here from the demo's sample, so that it can't differ from the code.

``generate.py`` writes it into the README as JSON and draws it as Slack would show it.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console

from docs.slack_picture import draw
from services.classifier.coding import Coder
from services.classifier.replay import replay
from services.cli.demo import script
from services.notifier import message
from services.notifier.channels import slack_message
from shared import outlets
from shared.contracts import Alert, AlertKind, Reason

DAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
"""The Tuesday on which the example is set."""
ARTICLE = "us-strikes"
"""The item of ``sample.toml`` that rings it."""
WIDTH = 100
"""Columns of the JSON, and of the picture."""


def alert() -> Alert:
    """The first alert that ``ARTICLE`` rings when the sample is played on ``DAY``."""
    articles = [item.article() for item in script.load(DAY).items]
    wanted = next(article for article in articles if article.url.endswith(f"/{ARTICLE}"))
    for replayed in replay(articles, Coder(), outlets.load(script.OUTLETS)):
        if replayed.article.id == wanted.id and replayed.decision.main_alert:
            return replayed.decision.main_alert
    raise SystemExit(f"the sample's item {ARTICLE!r} rings no alert: choose another in docs/example.py")


def as_json(told: Alert) -> str:
    """The webhook's body as a block of Markdown, laid out to be read; null, empty and evidence left out."""
    body = json.loads(message.body(told))
    body["data"]["event"].pop("evidence")
    return f"```json\n{_laid_out(_filled(body))}\n```\n"


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: _filled(each) for name, each in value.items()}
        return {name: each for name, each in kept.items() if not _says_nothing(each)}
    return [_filled(each) for each in value] if isinstance(value, list) else value


def _says_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)


def _laid_out(value: Any, indent: int = 0, before: int = 0) -> str:
    """JSON in which what fits into a line stands in one; ``before`` are the columns used already."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + indent + before <= WIDTH or not isinstance(value, dict | list):
        return flat
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        lines = [
            f"{inner}{json.dumps(name)}: {_laid_out(each, indent + 2, len(name) + 5)}"
            for name, each in value.items()
        ]
        return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"
    return (
        "[\n" + ",\n".join(inner + _laid_out(each, indent + 2) for each in value) + "\n" + " " * indent + "]"
    )


def in_slack(told: Alert) -> str:
    """The message as Slack shows it, as SVG."""
    return draw(slack_message.lay_out(told, told.at + timedelta(seconds=1)), f"{told.at:%H:%M}")


def in_a_thread(told: Alert) -> str:
    """What a bot would say below the message if the incident got worse half an hour later, as SVG."""
    later = told.at + timedelta(minutes=31)
    worse = {
        "kind": AlertKind.ESCALATED,
        "reason": Reason.MORE_KILLED,
        "sequence": told.sequence + 1,
        "at": later,
        "changes": ("killed: now 9 (provincial governor)",),
    }
    change = slack_message.lay_out_change(told.model_copy(update=worse), later)
    return draw(change, f"{later:%H:%M}")


def drawn(console: Console, title: str) -> str:
    """What a recording console has shown, as SVG that asks no other host for a font."""
    picture = console.export_svg(title=title)
    begin, end = picture.find("@font-face"), picture.rfind("@font-face")
    end = picture.find("}", end) + 1
    return picture[:begin].rstrip() + "\n" + picture[end:].lstrip("\n") + "\n"
