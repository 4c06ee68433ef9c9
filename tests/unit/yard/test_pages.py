"""What the pages tell people to type exists, and where they point there is something."""

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from shared import names, retry
from shared.contracts import Alert, AlertKind, Severity, Source
from shared.settings import Settings
from tests.support.yard import ROOT, command_lines, exists, parses

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TOLD = [(page, line) for page in PAGES for line in command_lines(page.read_text(encoding="utf-8"))]
TYPED = [
    (page, words)
    for page in PAGES
    for words in re.findall(r"`(tocsin [a-z][^`|*.]*)`", page.read_text(encoding="utf-8"))
]


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize(("page", "line"), TOLD, ids=[f"{named(page)}: {line}" for page, line in TOLD])
def test_a_command_in_a_page_can_be_typed(page: Path, line: str) -> None:
    parses(line)


def test_pages_do_tell_commands() -> None:
    """The test above is about something."""
    verbs = {line.split()[1] for _, line in TOLD}
    assert {"feeds", "tail", "subscribe", "subscriptions", "keys", "classify", "backtest", "worker"} <= verbs


@pytest.mark.parametrize(("page", "words"), TYPED, ids=[f"{named(page)}: {words}" for page, words in TYPED])
def test_a_command_in_a_sentence_exists(page: Path, words: str) -> None:
    """Arguments may be left out in a sentence, so only its words are looked up."""
    assert exists([word for word in words.split()[1:] if re.fullmatch(r"[a-z][a-z-]+", word)])


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not re.match(r"https?://", target):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_variable_in_a_page_is_a_setting(page: Path) -> None:
    known = {f"TOCSIN_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"TOCSIN_[A-Z_]+[A-Z]", page.read_text(encoding="utf-8"))) <= known


def test_every_decision_record_is_listed() -> None:
    listed = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))

    assert [int(page.name[:4]) for page in records] == list(range(1, len(records) + 1))
    for page in records:
        assert f"(adr/{page.name})" in listed


def test_the_schedule_in_words_is_the_schedule() -> None:
    """5 seconds, 5 minutes, 30 minutes, 2, 5, 10, 14, 20 and 24 hours."""
    schedule = Settings.model_construct().retry_schedule
    said = "5 seconds, 5 minutes, 30 minutes, 2, 5, 10, 14, 20 and 24 hours"

    hour = 3600
    assert schedule == (5, 300, 1800, *(h * hour for h in (2, 5, 10, 14, 20, 24)))
    assert retry.scheduled(len(schedule) + 1, schedule) is None
    assert said in " ".join((ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8").split())


def test_the_queue_in_the_pages_is_the_queue() -> None:
    assert f"-Q {names.ARTICLES_QUEUE}" in (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


def test_the_picture_is_whole_and_fetches_nothing() -> None:
    text = (ROOT / "docs" / "img" / "architecture.svg").read_text(encoding="utf-8")
    picture = ElementTree.fromstring(text)  # noqa: S314  (our own file)
    space = "{http://www.w3.org/2000/svg}"

    assert picture.find(f"{space}title") is not None
    assert "prefers-color-scheme: dark" in text
    assert not re.search(r"(href|url)\s*[=(]\s*[\"']?(https?:|//)", text)


def test_every_room_stands_in_the_picture_and_in_the_pages() -> None:
    picture = (ROOT / "docs" / "img" / "architecture.svg").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for room in ("poller", "classifier", "notifier", "api"):
        assert f">{room}<" in picture
        assert f"`services/{room}`" in page


def test_the_message_in_the_webhooks_page_is_one_of_ours() -> None:
    page = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
    (shown,) = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, flags=re.S))
    data = shown["data"]

    assert set(shown) == {"type", "timestamp", "data"}
    assert shown["type"] == f"incident.{AlertKind(data['kind'])}"
    assert set(data) <= set(Alert.model_fields)
    assert set(data["severity"]) == set(Severity.model_fields)
    assert set(data["sources"][0]) == set(Source.model_fields)
    assert data["id"] == f"{data['incident_id']}-{data['sequence']}"


def test_every_kind_of_incident_alert_is_explained() -> None:
    page = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
    for kind in AlertKind:
        if "." not in kind:
            assert f"\n| `incident.{kind}` |" in page


def test_the_readme_claims_no_more_than_was_measured() -> None:
    """Each figure of how good it is stands in bold, as measured on what was not read, in the page itself."""
    said = re.search(r"## How good it is\n(.*?)\n## ", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    measured = set(
        re.findall(r"\*\*(0\.\d\d)\*\*", (ROOT / "docs" / "quality.md").read_text(encoding="utf-8"))
    )
    assert said is not None
    claimed = set(re.findall(r"0\.\d\d", said[1]))
    assert claimed
    assert claimed <= measured


def test_no_page_and_no_picture_tells_of_the_machine_it_was_made_on() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.*")]:
        if path.suffix in (".md", ".svg", ".json"):
            text = path.read_text(encoding="utf-8").replace("&#160;", " ")
            assert not {str(ROOT), str(Path.home())} & set(re.findall(r"/[\w./-]*[\w-]", text)), path
