"""The translation of JSON lines that classify and backtest share, and the command that shows it."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.classifier.coding.lines import article_from_line, coding_to_line
from shared.errors import BadInput
from tests.support.front import Done, tocsin
from tests.unit.coding.reading import coder

GOOD: dict[str, Any] = {
    "id": "a1",
    "published_at": "2024-03-14T09:00:00+02:00",
    "title": "Car bomb kills six in Mogadishu",
    "summary": None,
}


def run(*arguments: str, stdin: str = "") -> Done:
    return tocsin("classify", *arguments, stdin=stdin)


def test_a_line_becomes_an_article() -> None:
    article = article_from_line(GOOD)
    assert (article.id, article.title, article.summary) == ("a1", GOOD["title"], "")
    assert article.published_at.isoformat() == "2024-03-14T07:00:00+00:00"


def test_a_bare_day_is_noon() -> None:
    assert article_from_line({**GOOD, "published_at": "2024-03-14"}).published_at.hour == 12


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ([], "JSON object"),
        ({**GOOD, "published_at": None}, "published_at is missing"),
        ({**GOOD, "published_at": "soon"}, "is not a time"),
        ({**GOOD, "published_at": 7}, "must be a string"),
        ({**GOOD, "title": 3}, "title must be a string"),
        ({**GOOD, "id": {}}, "id must be a string"),
        ({"published_at": "2024-03-14"}, "all empty"),
    ],
)
def test_a_bad_line_says_what_is_wrong(line: object, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        article_from_line(line)


def test_lone_surrogates_do_not_break_the_output() -> None:
    article = article_from_line({**GOOD, "title": "Bomb kills five \ud800 soldiers in Mali"})
    json.dumps(coding_to_line(coder().code(article), "a1"), ensure_ascii=False).encode()


def test_a_coding_becomes_a_line_with_every_field() -> None:
    line = coding_to_line(coder().code(article_from_line(GOOD)), "a1")
    assert set(line) == {"id", "escalation", "score", "reason", "events", "tallies", "severity"}
    (event,) = line["events"]
    assert set(event) == {
        "event_type", "mode", "direction", "status", "main", "actors", "recipients", "place", "occurred_on",
        "date_precision", "weapon", "weapon_class", "casualties", "claim", "responds_to", "cameo", "goldstein",  # noqa: E501
        "hostility", "certainty", "evidence",
    }  # fmt: skip
    assert set(event["casualties"]) == {"killed", "injured", "missing", "abducted", "arrested"}
    assert event["casualties"]["killed"] == {"low": 6, "high": 6}
    assert set(line["severity"]) == {"score", "tier", "terms"}
    assert json.loads(json.dumps(line)) == line


def test_silence_has_no_severity() -> None:
    line = coding_to_line(coder().code(article_from_line({**GOOD, "title": "Cake recipe"})), "a1")
    assert (line["escalation"], line["events"], line["severity"]) == (False, [], None)


def test_jsonl_keeps_order_and_goes_on_after_bad_lines(tmp_path: Path) -> None:
    lines = [json.dumps(GOOD), "nonsense", "", json.dumps({**GOOD, "id": "a2", "title": "Cake recipe"})]
    path = tmp_path / "articles.jsonl"
    path.write_text("\n".join(lines))
    result = run("--jsonl", str(path))
    written = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(line["id"], line["escalation"]) for line in written] == [("a1", True), ("a2", False)]
    assert "line 2: not JSON" in result.stderr
    assert result.returncode == 1


def test_good_lines_alone_exit_well() -> None:
    result = run("--jsonl", stdin=json.dumps(GOOD) + "\n")
    assert (result.returncode, result.stderr) == (0, "")


def test_an_unreadable_file_is_a_usage_error(tmp_path: Path) -> None:
    for arguments in (("--jsonl", str(tmp_path / "none")), (str(tmp_path / "none"),)):
        result = run(*arguments)
        assert result.returncode == 2
        assert "can't read" in result.stderr


def test_a_text_file_may_open_with_its_date_and_outlet(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(
        " date 2024-03-14 Daily Wire\nCar bomb kills six in Mogadishu\n\nIt exploded there on Tuesday."
    )
    result = run(str(path))
    assert result.returncode == 0
    assert "2024-03-12" in result.stdout
    assert "main event: explosives" in result.stdout


def test_a_saved_page_is_read_by_title_description_and_paragraphs(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        "<!doctype html><html><head><title>Rebels kill five soldiers in Mali</title>"
        '<meta name="description" content="Five soldiers were killed in an ambush near Gao, Mali.">'
        '<meta property="article:published_time" content="2024-03-14T08:00:00Z"></head>'
        "<body><script>var attack = 1;</script><p>The ambush took place on Tuesday.</p></body></html>"
    )
    result = run(str(path))
    assert result.returncode == 0
    assert "killed 5" in result.stdout
    assert "var attack" not in result.stdout


def test_one_json_article_may_lack_its_date() -> None:
    result = run("-", "--date", "2024-03-14", stdin=json.dumps({"title": "Car bomb kills six in Mogadishu"}))
    assert result.returncode == 0
    assert "killed 6" in result.stdout


def test_an_article_can_not_speak_to_the_terminal() -> None:
    result = run("-", stdin="Bomb kills five soldiers in Mali \x1b[2J[red]now[/red]\n")
    assert result.returncode == 0
    assert "\x1b" not in result.stdout
    assert "[red]now[/red]" in result.stdout


def test_nothing_hidden_in_an_article_reaches_the_terminal() -> None:
    result = run("-", stdin="Bomb kills\u202e five \U000e0041soldiers\x9b31m in\tMali\nOne\u200b line\n")
    assert result.returncode == 0
    assert not {"\u202e", "\U000e0041", "\x9b", "\t", "\u200b"} & set(result.stdout)
    assert "\ufffd31m" in result.stdout


def test_what_was_read_is_told_in_words() -> None:
    denied = (
        "A missile strike killed 5 to 9 in Kyiv on Tuesday. Russia denied that it carried out the strike."
    )
    shown = run("-", "--date", "2024-03-14", stdin=denied).stdout
    assert "denied by Russia" in shown
    assert "2024-03-12 (exact day)" in shown
    assert "killed 5-9" in shown
    for python in ("[]", "['", "None", "precision", "'"):
        assert python not in shown


@pytest.mark.parametrize(
    "feed",
    [
        '<?xml version="1.0"?><!-- <html> --><rss version="2.0"><channel/></rss>',
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Herald</title></feed>',
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
        '{"version": "https://jsonfeed.org/version/1.1", "title": "Herald", "items": []}',
    ],
)
def test_a_feed_is_no_article(feed: str) -> None:
    result = run("-", stdin=feed)
    assert result.returncode == 2
    assert result.stderr == "tocsin: this is a feed, not an article: tocsin feeds add URL\n"


@pytest.mark.parametrize("array", ["[]", ' [{"title": "Bomb kills five"}]', '[{"title": ', "[" * 100_000])
def test_an_array_is_no_title(array: str) -> None:
    result = run("-", stdin=array)
    assert result.returncode == 2
    assert "JSON" in result.stderr


def test_a_title_may_open_with_a_bracket() -> None:
    result = run("-", stdin="[Update] Bomb kills five soldiers in Mali")
    assert result.returncode == 0
    assert "main event" in result.stdout


def test_a_bad_setting_is_one_line() -> None:
    result = tocsin("classify", "https://herald.example.org/1", TOCSIN_POLL_INTERVAL="soon")
    assert result.returncode == 1
    assert result.stderr.startswith("tocsin: TOCSIN_POLL_INTERVAL")
    assert result.stderr.count("\n") == 1


def test_a_bad_date_says_how_to_write_it() -> None:
    result = run("-", "--date", "yesterday", stdin="Title")
    assert result.returncode == 2
    assert "YYYY-MM-DD" in result.stderr
