"""The registry of feeds and ``tocsin feeds``, on a real Redis."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from typer.testing import CliRunner, Result

from services.cli.feeds import app
from shared import feeds
from shared.contracts import Feed, FeedState
from shared.errors import BadInput, ForbiddenAddress
from shared.settings import Settings
from tests.support.poller import NOW

URL = "https://herald.example.org/rss"

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
  <outline text="Wörld"><outline text="Äsia">
    <outline type="rss" text="日本 &amp; Zürich" xmlUrl="https://b.example.com/x?a=1&amp;b=2"/>
  </outline></outline>
  <outline type="rss" text="Alone" xmlUrl="feed://alone.example.com/f"/>
  <outline type="rss" text="Twice" xmlUrl="https://b.example.com/x?a=1&amp;b=2"/>
  <outline type="rss" text="Inside" xmlUrl="http://192.168.1.1/feed"/>
</body></opml>"""


@pytest.fixture
def add(redis_client: "redis.Redis", settings: Settings) -> Callable[..., tuple[Feed, bool]]:
    return lambda url=URL, **rest: feeds.add(redis_client, settings, url, now=NOW, **rest)


def test_a_feed_is_added_once_and_due_at_once(
    add: Callable[..., tuple[Feed, bool]], redis_client: "redis.Redis", settings: Settings
) -> None:
    feed, is_new = add(folder="World")
    assert is_new
    assert redis_client.zscore(settings.names.feeds_due, feed.id) == NOW.timestamp() * 1000
    redis_client.zadd(settings.names.feeds_due, {feed.id: 5})
    again, is_new = add(f"  {URL}\n", folder="Other")
    assert (again, is_new) == (feed, False)
    assert redis_client.zscore(settings.names.feeds_due, feed.id) == 5
    assert feeds.listing(redis_client, settings.names) == [feed]


def test_a_feed_is_found_by_id_and_by_url(
    add: Callable[..., tuple[Feed, bool]], redis_client: "redis.Redis", settings: Settings
) -> None:
    feed, _ = add()
    assert feeds.get(redis_client, settings.names, feed.id) == feed
    assert feeds.get(redis_client, settings.names, URL) == feed
    assert feeds.get(redis_client, settings.names, "https://other.example.org/") is None


def test_a_feed_that_was_given_up_is_tried_again_when_it_is_added_again(
    add: Callable[..., tuple[Feed, bool]], redis_client: "redis.Redis", settings: Settings
) -> None:
    feed, _ = add()
    gone = feed.model_copy(update={"state": FeedState.GONE, "articles": 7, "last_error": "gone"})
    redis_client.hset(settings.names.feeds, feed.id, gone.to_json())
    redis_client.zrem(settings.names.feeds_due, feed.id)
    revived, is_new = add()
    assert not is_new
    assert (revived.state, revived.articles, revived.last_error) == (FeedState.ACTIVE, 7, "")
    assert redis_client.zscore(settings.names.feeds_due, feed.id) is not None


def test_removing_forgets_what_was_seen(
    add: Callable[..., tuple[Feed, bool]], redis_client: "redis.Redis", settings: Settings
) -> None:
    feed, _ = add()
    redis_client.hset(settings.names.seen(feed.id), "a", "b")
    redis_client.zadd(settings.names.present(feed.id), {"a": 1})
    assert feeds.remove(redis_client, settings.names, URL) == feed
    assert redis_client.keys("*") == []
    with pytest.raises(BadInput, match="tocsin feeds list"):
        feeds.remove(redis_client, settings.names, URL)


def test_an_address_that_may_not_be_dialled_is_refused_when_it_is_added(
    add: Callable[..., tuple[Feed, bool]], redis_client: "redis.Redis"
) -> None:
    for url in ("http://10.0.0.1/", "http://169.254.169.254/latest"):
        with pytest.raises(ForbiddenAddress):
            add(url)
    with pytest.raises(BadInput):
        add("herald.example.org/rss")
    assert redis_client.keys("*") == []


def test_opml_goes_out_and_comes_back_with_its_folders() -> None:
    read = feeds.import_opml(OPML.encode())
    assert read[0] == feeds.Outline("https://b.example.com/x?a=1&b=2", "日本 & Zürich", "Wörld/Äsia")
    assert [outline.title for outline in read] == ["日本 & Zürich", "Alone", "Inside"]

    kept = [
        Feed(id=f"feed_{n}", url=o.url, title=o.title, folder=o.folder, interval=300, added_at=NOW)
        for n, o in enumerate(read)
    ]
    nameless = Feed(id="feed_9", url="https://c.example.com/?q=<a>&b", interval=300, added_at=NOW)
    written = feeds.export_opml([*kept, nameless])
    assert written.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">')
    back = {outline.url: outline for outline in feeds.import_opml(written.encode())}
    assert back == {o.url: o for o in [*read, feeds.Outline(nameless.url)]}


def test_a_title_that_would_break_a_terminal_or_a_file_is_cleaned(
    add: Callable[..., tuple[Feed, bool]],
) -> None:
    feed, _ = add(title="Red\x1b[31m\x0b \n Herald", folder="A\x00/B")
    assert (feed.title, feed.folder) == ("Red [31m Herald", "A/B")
    assert [outline.title for outline in feeds.import_opml(feeds.export_opml([feed]).encode())] == [
        feed.title
    ]


@pytest.mark.parametrize("text", [b"", b"nonsense", b"<html></html>", b'<opml version="2.0"><body/></opml>'])
def test_what_is_no_opml_is_told(text: bytes) -> None:
    with pytest.raises(BadInput, match="OPML"):
        feeds.import_opml(text)


# ---- the command --------------------------------------------------------------------------------


@pytest.fixture
def tocsin(redis_url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("TOCSIN_REDIS_URL", redis_url)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(app, words)


def test_good_urls_are_added_and_bad_ones_are_told(tocsin: Callable[..., Result]) -> None:
    done = tocsin("add", URL, "http://10.0.0.1/", "nonsense", URL)
    assert done.exit_code == 1
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["added", "known"]
    assert "TOCSIN_ALLOW_NETWORKS" in done.stderr
    assert "not a web address" in done.stderr


def test_the_list_shows_health_and_says_what_to_do_when_it_is_empty(
    tocsin: Callable[..., Result], redis_client: "redis.Redis", settings: Settings
) -> None:
    assert "tocsin feeds add" in tocsin("list").stdout
    tocsin("add", URL, "--folder", "World", "--interval", "60")
    (feed,) = feeds.listing(redis_client, settings.names)
    ill = feed.model_copy(update={"title": "[bold]Herald", "last_error": "no answer", "errors_in_a_row": 3})
    redis_client.hset(settings.names.feeds, feed.id, ill.to_json())
    shown = tocsin("list").stdout
    for words in ("active", "World/[bold]Herald", URL, feed.id, "never", "no answer (3 times in a row)"):
        assert words in shown
    assert Feed.model_validate(json.loads(tocsin("list", "--json").stdout)) == ill


def test_feeds_are_imported_exported_and_removed(tocsin: Callable[..., Result], tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine.opml", tmp_path / "theirs.opml"
    mine.write_text(OPML, encoding="utf-8")
    done = tocsin("import", str(mine))
    assert done.exit_code == 1
    assert "2 added, 0 known before, 1 refused" in done.stdout
    assert "192.168.1.1" in done.stderr
    assert "2 feeds written" in tocsin("export", str(theirs)).stdout
    assert theirs.read_text(encoding="utf-8") == tocsin("export").stdout
    done = tocsin("remove", "https://b.example.com/x?a=1&b=2", "nothing")
    assert (done.exit_code, "removed" in done.stdout, "no feed nothing" in done.stderr) == (1, True, True)
    again = tocsin("import", str(theirs))
    assert (again.exit_code, again.stdout) == (0, "1 added, 1 known before, 0 refused.\n")


def test_adding_a_feed_that_was_given_up_says_that_it_is_due_again(
    tocsin: Callable[..., Result], redis_client: "redis.Redis", settings: Settings
) -> None:
    tocsin("add", URL)
    (feed,) = feeds.listing(redis_client, settings.names)
    refused = feed.model_copy(update={"state": FeedState.REFUSED})
    redis_client.hset(settings.names.feeds, feed.id, refused.to_json())
    redis_client.zrem(settings.names.feeds_due, feed.id)
    done = tocsin("add", URL)
    assert done.exit_code == 0
    assert done.stdout.startswith("revived")
    assert "was refused; it is due again now" in done.stdout
    assert redis_client.zscore(settings.names.feeds_due, feed.id) is not None
    assert tocsin("add", URL).stdout.startswith("known")


def test_a_refused_address_can_not_speak_to_the_terminal(tocsin: Callable[..., Result]) -> None:
    done = tocsin("add", f"https://herald.example.org/\x1b[2J\u202e{'x' * 3000}")
    assert done.exit_code == 2
    assert done.stderr.startswith("not added: ")
    assert not {"\x1b", "\u202e"} & set(done.stderr)


def test_a_file_that_cannot_be_read_is_told(tocsin: Callable[..., Result], tmp_path: Path) -> None:
    done = tocsin("import", str(tmp_path / "none.opml"))
    assert isinstance(done.exception, BadInput)
    assert "No such file" in str(done.exception)
    assert isinstance(tocsin("export", str(tmp_path)).exception, BadInput)


@pytest.mark.parametrize("columns", ["80", "60"])
def test_an_id_is_shown_whole_to_be_copied_and_no_title_speaks_to_the_terminal(
    tocsin: Callable[..., Result],
    redis_client: "redis.Redis",
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    columns: str,
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    tocsin("add", URL + "?of=" + "a-very-long-address" * 9)
    (feed,) = feeds.listing(redis_client, settings.names)
    ill = feed.model_copy(
        update={"title": "[/x]\x1b[2J\u202e", "last_error": "died [/x] \x9b31m", "folder": "F"}
    )
    redis_client.hset(settings.names.feeds, feed.id, ill.to_json())
    done = tocsin("list")
    assert done.exit_code == 0
    assert feed.id in done.stdout
    assert "F/[/x] [2J" in done.stdout
    assert not {"\x1b", "\x9b", "\u202e"} & set(done.stdout)


def nested(levels: int, name: str = "F") -> bytes:
    """An OPML file with one feed, so deep."""
    folders = f'<outline text="{name}">' * levels
    feed = f'<outline type="rss" text="{"T" * 2000}" xmlUrl="{URL}"/>'
    return f'<opml version="2.0"><body>{folders}{feed}{"</outline>" * levels}</body></opml>'.encode()


@pytest.mark.parametrize(("levels", "name"), [(3000, "F"), (3000, "a/b"), (30, "N" * 400), (3, "/")])
def test_folders_without_end_are_cut_and_can_be_exported(
    tocsin: Callable[..., Result], tmp_path: Path, levels: int, name: str
) -> None:
    mine = tmp_path / "mine.opml"
    mine.write_bytes(nested(levels, name))
    (outline,) = feeds.import_opml(mine.read_bytes())
    assert outline.folder.count("/") < feeds.MAX_DEPTH * (1 + name.count("/"))
    assert len(outline.folder) <= feeds.MAX_FOLDER
    assert len(outline.title) == feeds.MAX_TITLE
    assert tocsin("import", str(mine)).exit_code == 0
    exported = tocsin("export").stdout
    (again,) = feeds.import_opml(exported.encode())
    assert again.url == URL
    assert tocsin("import", str(mine)).stdout.startswith("0 added, 1 known")


def test_a_feed_stored_before_folders_had_a_limit_can_be_exported() -> None:
    old = Feed(id="feed_1", url=URL, folder="/".join("F" * 5000), interval=300, added_at=NOW)
    (outline,) = feeds.import_opml(feeds.export_opml([old]).encode())
    assert outline.folder == "/".join("F" * feeds.MAX_DEPTH)
