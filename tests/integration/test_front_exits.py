"""Exit codes, the same of every command: 0 done, 1 failed or partly, 2 bad usage, 130 interrupted."""

import gzip
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shared import keys
from shared.contracts import DeadLetter, Feed, derive_feed_id
from shared.keys import Scope
from shared.settings import Settings
from shared.subscriptions import Register, new_webhook
from shared.vault import open_vault
from tests.support.front import PATIENCE, Done, tocsin
from tests.support.notifier import alert

if TYPE_CHECKING:
    import redis

NOW = datetime(2026, 3, 2, tzinfo=UTC)
HOOK = "https://desk.example.org/hook"
FEED = "https://herald.example.org/world.xml"
OPML = f'<opml version="2.0"><body><outline type="rss" text="Herald" xmlUrl="{FEED}"/></body></opml>'
Verb = Callable[..., Done]


@pytest.fixture
def run(settings: Settings, redis_client: "redis.Redis") -> Verb:
    """Any command, on a Redis that holds one of everything."""
    names = settings.names
    feed = Feed(id=derive_feed_id(FEED), url=FEED, interval=60, added_at=NOW)
    letter = DeadLetter(key="art_1:1", reason="it hung", error="timeout", at=NOW, attempts=3, title="Strike")
    redis_client.hset(names.feeds, feed.id, feed.to_json())
    redis_client.hset(names.dead, letter.key, letter.to_json())
    keys.add(redis_client, names, "grafana", Scope.READ, now=NOW)
    for id_ in ("sub_aa11", "sub_aa22"):
        made, _ = new_webhook(HOOK, settings=settings, vault=open_vault(settings), now=NOW)
        Register(redis_client, names).add(made.model_copy(update={"id": id_}))

    def run(*words: str, stdin: str | bytes = "", **environment: str) -> Done:
        ours = {"TOCSIN_REDIS_URL": settings.redis_url or "", "TOCSIN_DATA_DIR": str(settings.data_dir)}
        return tocsin(*words, stdin=stdin, **ours | environment)

    return run


def is_one_line(said: str) -> bool:
    return said.count("\n") == 1 and said.endswith("\n") and "Traceback" not in said


# ---- 0: done ------------------------------------------------------------------------------------

DONE = (
    ("feeds", "list"),
    ("feeds", "list", "--json"),
    ("feeds", "add", "https://courier.example.org/rss.xml", "--folder", "World"),
    ("feeds", "add", FEED),
    ("feeds", "remove", FEED),
    ("feeds", "export"),
    ("feeds", "import", "--default"),
    ("dead", "list"),
    ("dead", "list", "--json"),
    ("dead", "show", "art_1:1"),
    ("dead", "replay", "art_1:1"),
    ("dead", "drop", "--all"),
    ("subscribe", "webhook", HOOK, "--filter", "severity>=Severe", "--no-test"),
    ("subscribe", "slack", "https://hooks.slack.com/services/T0/B0/XXXXXXXXXXXX"),
    ("subscriptions",),
    ("subscriptions", "--json"),
    ("subscriptions", "list"),
    ("subscriptions", "pause", "sub_aa1"),
    ("subscriptions", "resume", "aa2"),
    ("subscriptions", "rotate", "sub_aa11", "--grace", "0"),
    ("subscriptions", "change", "sub_aa11", "--header", "X-Desk: night"),
    ("subscriptions", "remove", "sub_aa11"),
    ("keys", "add", "importer"),
    ("keys", "list"),
    ("keys", "list", "--json"),
    ("keys", "revoke", "grafana"),
    ("health", "redis"),
)


@pytest.mark.parametrize("words", DONE, ids=" ".join)
def test_what_was_done_leaves_with_0(run: Verb, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.returncode == 0, done.stderr
    assert done.stdout


# ---- 1: it failed, or a part of it ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("feeds", "add", "http://10.0.0.1/rss"), "not added: "),
        (("feeds", "add", "nonsense", "https://courier.example.org/"), "not added: nonsense"),
        (("feeds", "remove", "feed_none"), "not removed: no feed feed_none: `tocsin feeds list`"),
        (("dead", "show", "art_none:1"), "no dead letter 'art_none:1': `tocsin dead list`"),
        (("dead", "replay", "art_none:1"), "not sent: no dead letter 'art_none:1': `tocsin dead list`"),
        (("dead", "drop", "art_none:1"), "not dropped: no dead letter 'art_none:1': `tocsin dead list`"),
        (("subscribe", "webhook", "https://10.0.0.1/hook"), "TOCSIN_ALLOW_NETWORKS"),
        (("subscriptions", "remove", "sub_none"), "no subscription is called 'sub_none': `tocsin subscr"),
        (("subscriptions", "pause", ""), "no subscription is called '': `tocsin subscriptions`"),
        (("subscriptions", "test", "aa"), "2 subscriptions begin with 'aa' (sub_aa11, sub_aa22): write more"),
        (("keys", "add", "grafana"), "tocsin keys revoke grafana"),
        (("keys", "revoke", "nobody"), "No key is named nobody: `tocsin keys list`"),
        (("health", "poller"), "poller is unwell: no heartbeat within 60 s; read its log, or start it"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
)
def test_what_failed_leaves_with_1_and_is_named(run: Verb, words: tuple[str, ...], said: str) -> None:
    done = run(*words)
    assert done.returncode == 1
    assert said in done.stderr
    assert is_one_line(done.stderr)


@pytest.mark.parametrize(
    "again",
    [
        ("feeds", "remove", FEED),
        ("dead", "drop", "art_1:1"),
        ("subscriptions", "remove", "sub_aa11"),
        ("keys", "revoke", "grafana"),
    ],
    ids=" ".join,
)
def test_what_is_gone_already_is_told(run: Verb, again: tuple[str, ...]) -> None:
    assert run(*again).returncode == 0
    done = run(*again)
    assert done.returncode == 1
    assert is_one_line(done.stderr)
    assert "tocsin " in done.stderr, "it says how to see what there is"


def test_a_key_that_is_gone_is_not_replaced_while_something_is_sealed_with_it(
    run: Verb, settings: Settings
) -> None:
    key = settings.data_dir / "secret.key"
    key.unlink()
    for words in (("webhook", HOOK), ("slack", "https://hooks.slack.com/services/T0/B0/XXXXXXXXXXXX")):
        done = run("subscribe", *words)
        assert (done.returncode, done.stdout) == (1, "")
        assert f"The key that opens 2 subscriptions is missing: {key}. Put it back" in done.stderr
        assert is_one_line(done.stderr)
    for words in (("rotate", "sub_aa11"), ("change", "sub_aa11", "--at-most", "3/1h"), ("test", "sub_aa11")):
        done = run("subscriptions", *words)
        assert (done.returncode, done.stdout) == (1, "")
        assert "is missing" in done.stderr
    assert not key.exists()
    assert run("subscriptions", "--json").stdout.count("\n") == 2

    for id_ in ("sub_aa11", "sub_aa22"):
        assert run("subscriptions", "remove", id_).returncode == 0
    assert run("subscribe", "webhook", HOOK, "--no-test").returncode == 0, (
        "nothing is left that another key would open"
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("db=99", "Redis has fewer databases"),
        ("username=nobody&password=hush", "Redis wants another password"),
    ],
)
@pytest.mark.parametrize("words", [("feeds", "list"), ("keys", "add", "importer"), ("dead", "list")])
def test_a_redis_that_refuses_us_says_what_to_correct(
    run: Verb, settings: Settings, words: tuple[str, ...], options: str, said: str
) -> None:
    done = run(*words, TOCSIN_REDIS_URL=f"{settings.redis_url}?{options}")
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "TOCSIN_REDIS_URL" in done.stderr
    assert "hush" not in done.stderr
    assert is_one_line(done.stderr)


@pytest.mark.parametrize("words", [*DONE, ("tail",), ("subscriptions", "test", "sub_aa11")], ids=" ".join)
def test_without_redis_each_says_what_to_do(run: Verb, words: tuple[str, ...]) -> None:
    done = run(*words, TOCSIN_REDIS_URL="unix:///nowhere/redis.sock")
    assert done.returncode == 1
    assert "Redis does not answer" in done.stderr
    assert "TOCSIN_REDIS_URL" in done.stderr
    assert is_one_line(done.stderr)


@pytest.mark.parametrize(
    "words",
    [
        *DONE,
        ("tail",),
        ("worker",),
        ("poller",),
        ("notifier",),
        ("api",),
        ("up",),
    ],
    ids=" ".join,
)
def test_a_bad_setting_is_named_by_each(run: Verb, words: tuple[str, ...], capfd: Any) -> None:
    done = run(*words, TOCSIN_POLL_INTERVAL="soon")
    said = done.stderr + capfd.readouterr().err
    assert done.returncode == 1
    assert "TOCSIN_POLL_INTERVAL is 'soon'" in said
    assert said.count("\n") == 1


# ---- 2: bad usage ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("feeds", "add", "nonsense"), "write it like https://example.org/path"),
        (("feeds", "add", "file:///etc/passwd"), "not a web address"),
        (("feeds", "import"), "name one OPML file, or say --default"),
        (("feeds", "import", "some.opml", "--default"), "name one OPML file, or say --default"),
        (("feeds", "export", "/nowhere/feeds.opml"), "can't write /nowhere/feeds.opml (No such file"),
        (("dead", "replay"), "name the keys"),
        (("dead", "drop", "art_1:1", "--all"), "name the keys"),
        (("subscribe", "webhook", "desk"), "not a web address"),
        (("subscribe", "webhook", HOOK, "--filter", "sevrity>=Severe"), "did you mean severity?"),
        (("subscribe", "webhook", HOOK, "--filter", "severity>=Bad"), "severity is never 'Bad'"),
        (("subscribe", "webhook", HOOK, "--header", "Host: x"), "ours to set"),
        (("subscribe", "webhook", HOOK, "--headers-from", "none.txt"), "see that it is there"),
        (("subscriptions", "change", "sub_aa11"), "nothing to change"),
        (("subscriptions", "rotate", "sub_aa11", "--grace", "8d"), "0 to 7 days"),
        (("subscribe", "webhook", HOOK, "--name", "n" * 200), "choose a shorter one"),
        (("subscribe", "slack", "https://api.slack.com/apps"), "it begins https://hooks.slack.com/services/"),
        (("keys", "add", "two words"), "can't name a key"),
        (("keys", "add", "caf\udce9"), "can't name a key"),
        (("keys", "revoke", "caf\udce9"), "is not UTF-8"),
        (("tail", "--filter", "severity>="), "bad filter at the end"),
        (("tail", "--since", "yesterday"), "write 30m, 6h, 2d or"),
        (("classify", "--date", "yesterday", "-"), "write it as YYYY-MM-DD"),
        (("classify", "--jsonl", "--date", "2026-03-01", "-"), "leave --date out"),
        (("classify", "ftp://example.org/article"), "can't read ftp://"),
        (("classify", "https://"), "not a web address"),
    ],
    ids=lambda words: (
        " ".join(words)[:40].encode(errors="replace").decode() if isinstance(words, tuple) else ""
    ),
)
def test_what_was_mistyped_leaves_with_2_and_a_line(run: Verb, words: tuple[str, ...], said: str) -> None:
    done = run(*words, stdin="Title")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert is_one_line(done.stderr)


READERS = (("feeds", "import"), ("classify",), ("classify", "--jsonl"), ("backtest",))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "given"


@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_a_file_that_is_not_there_or_is_a_directory(run: Verb, file: Path, words: tuple[str, ...]) -> None:
    for source, why in ((file, "No such file or directory"), (file.parent, "Is a directory")):
        done = run(*words, str(source))
        assert (done.returncode, done.stdout) == (2, "")
        assert f"can't read {source}" in done.stderr
        assert why in done.stderr
        assert "name a" in done.stderr
        assert is_one_line(done.stderr)


@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_a_file_that_may_not_be_read(
    run: Verb, file: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused by hand: to root, as which these tests may run, no file is closed."""
    really = Path.open

    def refuse(path: Path, *arguments: Any, **more: Any) -> Any:
        if path == file:
            raise PermissionError(13, "Permission denied", str(path))
        return really(path, *arguments, **more)

    monkeypatch.setattr(Path, "open", refuse)
    done = run(*words, str(file))
    assert (done.returncode, done.stdout) == (2, "")
    assert "Permission denied" in done.stderr
    assert is_one_line(done.stderr)


PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x03\xe8"


@pytest.mark.parametrize("contents", [PICTURE, gzip.compress(b"Strike kills four")], ids=["picture", "gzip"])
@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_a_file_that_is_no_text(run: Verb, file: Path, words: tuple[str, ...], contents: bytes) -> None:
    file.write_bytes(contents)
    for done in (run(*words, str(file)), run(*words, "-", stdin=contents)):
        assert (done.returncode, done.stdout) == (2, "")
        assert is_one_line(done.stderr)


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        ("Drone strike on caf\u00e9 kills four".encode("cp1252"), "iconv -f WINDOWS-1252 -t UTF-8"),
        ("Drone strike kills four".encode("utf-16"), "not text in UTF-8"),
        (b"", "the text is empty"),
        (b" \n\n", "the text is empty"),
        (b"<html></html>", "no title and no paragraphs"),
        (b"[{}]", "JSON array"),
        (b'{"title": ', "not JSON"),
    ],
)
def test_an_article_that_can_not_be_read_is_told_apart(
    run: Verb, file: Path, contents: bytes, said: str
) -> None:
    file.write_bytes(contents)
    done = run("classify", str(file))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert is_one_line(done.stderr)


def test_a_page_in_another_encoding_says_so_itself(run: Verb, file: Path) -> None:
    page = (
        '<html><head><meta charset="windows-1252"><title>Bomb kills four in caf\u00e9</title></head></html>'
    )
    file.write_bytes(page.encode("cp1252"))
    done = run("classify", str(file))
    assert done.returncode == 0
    assert "caf\u00e9" in done.stdout


@pytest.mark.parametrize("contents", [b"", b"nonsense", OPML.replace("xmlUrl", "url").encode()])
def test_a_file_without_feeds_is_bad_usage(run: Verb, contents: bytes) -> None:
    done = run("feeds", "import", "-", stdin=contents)
    assert (done.returncode, done.stdout) == (2, "")
    assert "OPML" in done.stderr
    assert is_one_line(done.stderr)


def test_the_default_feeds_are_added_once(run: Verb) -> None:
    first, again = run("feeds", "import", "--default"), run("feeds", "import", "--default")
    (added,) = re.findall(r"^(\d+) added, 0 known before, 0 refused\.$", first.stdout)
    assert int(added) > 50
    assert again.stdout == f"0 added, {added} known before, 0 refused.\n"


def test_feeds_are_read_from_a_pipe(run: Verb) -> None:
    done = run("feeds", "import", "-", stdin=OPML.replace("herald", "courier"))
    assert (done.returncode, done.stdout) == (0, "1 added, 0 known before, 0 refused.\n")


def test_a_file_in_which_some_lines_are_bad_is_a_part_that_failed(run: Verb) -> None:
    good = '{"id": "a", "published_at": "2026-03-01T08:00:00Z", "title": "Cake recipe"}'
    for words in (("classify", "--jsonl"), ("backtest",), ("backtest", "--json")):
        done = run(*words, stdin=f"{good}\nno \x1b[2J JSON\n")
        assert (done.returncode, done.stdout.count("\n")) == (1, 1)
        assert "line 2: not JSON" in done.stderr
        assert "\x1b" not in done.stderr


# ---- 130 and 141, which need a process of their own -------------------------------------------------


@pytest.fixture
def process(run: Verb, settings: Settings) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    begun: list[subprocess.Popen[str]] = []
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    ours = {"TOCSIN_REDIS_URL": settings.redis_url or "", "TOCSIN_DATA_DIR": str(settings.data_dir)}

    def begin(*words: str, stdin: int = subprocess.DEVNULL) -> "subprocess.Popen[str]":
        running = subprocess.Popen(
            [sys.executable, "-m", "services.cli", *words],
            env=clean | ours,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        begun.append(running)
        return running

    yield begin
    for running in begun:
        with running:
            running.kill()


@pytest.mark.parametrize("words", [("feeds", "import", "-"), ("classify",), ("backtest",)], ids=" ".join)
def test_an_interrupt_leaves_with_130_and_without_a_word(process: Any, words: tuple[str, ...]) -> None:
    person, program = pty.openpty()
    try:
        running = process(*words, stdin=program)
        assert running.stderr.readline().startswith("Waiting for ")
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=PATIENCE)
    finally:
        os.close(person)
        os.close(program)
    assert (running.returncode, out, err) == (130, "", "")


def test_what_runs_until_it_is_stopped_is_done_when_it_is_stopped(
    process: Any, redis_client: "redis.Redis", settings: Settings
) -> None:
    # Several, each caught as it prints: asyncio's own way with Ctrl-C loses one in three of these.
    redis_client.xadd(settings.names.alerts, {"alert": "{}"})
    for running in [process("tail", "--since", "1h") for _ in range(4)]:
        assert "can't read" in running.stderr.readline()
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=PATIENCE)
        assert (running.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize(
    "words",
    [
        ("feeds", "list"),
        ("feeds", "list", "--json"),
        ("feeds", "export"),
        ("subscriptions",),
        ("dead", "show", "art_1:1"),
        ("keys", "list"),
        ("--help",),
        ("feeds", "add", "--help"),
    ],
    ids=" ".join,
)
def test_who_stops_reading_is_not_complained_to(process: Any, words: tuple[str, ...]) -> None:
    running = process(*words)
    running.stdout.close()  # before anything can have been written: every write fails
    said = running.stderr.read()
    assert (running.wait(PATIENCE), said) == (141, "")


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["", "--json"])
def test_who_stops_hearing_is_not_complained_to(
    process: Any, redis_client: "redis.Redis", settings: Settings, more: tuple[str, ...]
) -> None:
    for _ in range(2):
        redis_client.xadd(settings.names.alerts, {"alert": alert().to_json()})
    running = process("tail", "--since", "1h", *more)
    running.stdout.close()
    said = running.stderr.read()
    assert (running.wait(PATIENCE), said) == (141, "")


def test_a_long_list_cut_by_head_ends_quietly(
    process: Any, redis_client: "redis.Redis", settings: Settings
) -> None:
    for number in range(2000):
        url = f"https://{number}.example.org/{'x' * 100}"
        feed = Feed(id=f"feed_{number}", url=url, interval=60, added_at=NOW)
        redis_client.hset(settings.names.feeds, feed.id, feed.to_json())
    running = process("feeds", "list", "--json")
    assert running.stdout.readline().startswith("{")
    running.stdout.close()
    said = running.stderr.read()
    assert (running.wait(PATIENCE), said) == (141, "")


@pytest.mark.parametrize("word", ["worker", "up"])
def test_outlets_that_can_not_be_read_are_told_before_anything_starts(
    word: str, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "outlets.tsv"
    file.write_text("post.example\tThe Port Post\n", encoding="utf-8")
    ours = {"TOCSIN_REDIS_URL": settings.redis_url or "", "TOCSIN_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run(
        [sys.executable, "-m", "services.cli", word],
        env=os.environ | ours | {"TOCSIN_OUTLETS": str(file)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1
    assert f": {file}, line 1 has 2 columns: write 8" in done.stderr
    assert is_one_line(done.stderr)
    assert done.stdout == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize(
    "words", [("feeds", "list"), ("feeds", "list", "--json"), ("feeds", "export")], ids=" ".join
)
def test_a_full_disk_is_told(run: Verb, settings: Settings, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "services.cli", *words],
            env=os.environ | {"TOCSIN_REDIS_URL": settings.redis_url or ""},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == (
        "tocsin: the output is not complete (No space left on device): make room where it goes\n"
    )


@pytest.mark.parametrize("words", [("feeds", "list"), ("dead", "list"), ("keys", "list"), ("subscriptions",)])
def test_keys_of_another_program_in_our_place_are_told(
    run: Verb, redis_client: "redis.Redis", settings: Settings, words: tuple[str, ...]
) -> None:
    names = settings.names
    for key in (names.feeds, names.dead, names.api_keys, names.subscriptions):
        redis_client.set(key, "theirs")
    done = run(*words)
    assert (done.returncode, done.stdout) == (1, "")
    assert "TOCSIN_KEY_PREFIX" in done.stderr
    assert is_one_line(done.stderr)


def test_a_terminal_without_our_letters_still_shows_the_rest(
    run: Verb, settings: Settings, redis_client: "redis.Redis"
) -> None:
    letter = DeadLetter(key="art_2:1", reason="r", error="e", at=NOW, attempts=1, title="Café \u2013 Бахмут")
    redis_client.hset(settings.names.dead, letter.key, letter.to_json())
    done = subprocess.run(
        [sys.executable, "-m", "services.cli", "dead", "list"],
        env=os.environ | {"PYTHONIOENCODING": "ascii:strict", "TOCSIN_REDIS_URL": settings.redis_url or ""},
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Caf\\xe9" in done.stdout
