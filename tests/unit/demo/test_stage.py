"""What the person in front of the demo reads."""

import io
from typing import Any

import pytest
from rich.console import Console

from services.cli.demo import cards
from services.cli.demo.prompter import Prompter
from services.cli.demo.receiver import Delivered
from services.cli.demo.stage import Stage
from services.notifier.channels.slack_message import lay_out
from shared.contracts import AlertKind, Source
from tests.support.demo import NOON, alert, item, outlet, script

GAZETTE = outlet("Gazette")
SCRIPT = script(
    item(GAZETTE, "port", 1, "Port X shelled"), item(GAZETTE, "pay", 62, "Pilots strike over pay")
)


class Show:
    """A stage whose audience writes down what it sees."""

    def __init__(self, width: int = 100) -> None:
        self.seen = io.StringIO()
        self.stage = Stage(Console(file=self.seen, width=width), SCRIPT)

    def text(self) -> str:
        return " ".join(self.seen.getvalue().split())


def considered(title: str, **more: Any) -> dict[str, Any]:
    line = {"outlet": "gazette.example", "title": title, "reason": "r", "coding": "c", "article_id": title}
    return {**line, "incident_ids": [], "joined_because": [], "alert_ids": [], **more}


def test_a_quiet_article_says_why_it_is_quiet() -> None:
    show = Show()
    show.stage.considered(considered("Pilots strike over pay", coding="a labour strike, not an attack"))
    assert "1:02 Gazette Pilots strike over pay quiet: a labour strike, not an attack" in show.text()


def test_a_second_report_names_the_incident_it_joins_and_why_no_bell_rings() -> None:
    show = Show()
    first = considered(
        "Port X shelled", incident_ids=["inc_1"], joined_because=["first report"], alert_ids=["a"]
    )
    show.stage.considered(first)
    again = {"joined_because": ["copies an earlier report"], "reason": "already alerted, nothing new"}
    show.stage.considered(considered("Port X shelled", incident_ids=["inc_1"], **again))
    assert "incident 1: first report; rings" in show.text()
    assert "incident 1: copies an earlier report; already alerted, nothing new" in show.text()


def test_a_bell_says_what_happened_why_it_rang_how_severe_and_how_sure() -> None:
    show = Show()
    show.stage.rang(alert())
    told = show.text()
    assert "OPENED incident 1 Moderate 47" in told
    assert "Drone attack on the navy in Port X; 3 injured." in told
    assert "why it rang first report of the incident" in told
    assert "why so severe hostility 40 + weapon 7" in told
    assert "hostility 40 + weapon 7 │" in told  # a term that adds nothing is left to the alert itself


def test_an_answer_names_what_it_answers() -> None:
    show = Show()
    show.stage.rang(alert(incident="inc_1"))
    show.stage.rang(alert(incident="inc_2", answers="inc_1"))
    assert "answers incident 1" in show.text()


def test_an_update_says_what_is_new() -> None:
    show = Show()
    show.stage.rang(alert(AlertKind.UPDATED))
    assert "UPDATED incident 1" in show.text()
    assert "what is new 3 killed" in show.text()


def test_slack_is_shown_in_full_once_a_kind() -> None:
    show = Show()
    for kind in (AlertKind.OPENED, AlertKind.OPENED, AlertKind.UPDATED):
        show.stage.slack(lay_out(alert(kind), NOON))
    assert show.text().count("as Slack shows it") == 2
    assert show.stage.slack_messages == 3


def test_the_end_counts_what_was_seen() -> None:
    show = Show()
    show.stage.considered(considered("Pilots strike over pay"))
    show.stage.considered(
        considered("Port X shelled", incident_ids=["inc_1"], joined_because=["x"], alert_ids=["a"])
    )
    show.stage.rang(alert())
    show.stage.delivered(Delivered("incident.opened", {"id": "a", "at": NOON.isoformat()}, 900, NOON))
    show.stage.close()
    assert "2 articles by 1 outlet: 1 alert about 1 incident; 1 article stayed quiet." in show.text()
    assert "1 webhook came in signed and was verified" in show.text()


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_terminal_is_too_narrow(width: int) -> None:
    show = Show(width)
    show.stage.considered(considered("Port X shelled" * 20))
    show.stage.rang(alert())
    show.stage.slack(lay_out(alert(), NOON))
    show.stage.close()
    assert all(len(line) <= width for line in show.seen.getvalue().splitlines())


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("*bold* and plain", "bold and plain"),
        ("<https://x.example/a|The *Gazette*>, <https://y.example>", "The *Gazette*, https://y.example"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("no end <here", "no end <here"),
        ("", ""),
    ],
)
def test_slack_markup_is_read_as_slack_reads_it(markup: str, shown: str) -> None:
    assert cards.mrkdwn(markup).plain == shown


def test_a_source_is_a_name_and_not_an_address() -> None:
    heard = alert().model_copy(
        update={
            "sources": (
                Source(
                    outlet="gazette.example", title="t", url="https://gazette.example/n", published_at=NOON
                ),
            )
        }
    )
    show = Show()
    show.stage.slack(lay_out(heard, NOON))
    assert "https://" not in show.text()


def test_the_prompter_hands_on_decisions_and_keeps_complaints() -> None:
    prompter = Prompter()
    prompter.say("worker", '{"event": "article considered", "title": "Port X shelled"}')
    prompter.say("poller", '{"event": "feed failed", "level": "warning", "error": "no answer"}')
    prompter.say("poller", '{"event": "feed polled", "level": "info"}')
    prompter.say("worker", "Traceback (most recent call last):")
    prompter.say("worker", "KeyError: 'uid'")
    prompter.say("tocsin", "stopping")
    assert not prompter.redis_answers.is_set()
    prompter.say("redis", "answers on a socket")

    assert prompter.redis_answers.is_set()
    assert prompter.considered.get_nowait()["title"] == "Port X shelled"
    assert prompter.considered.empty()
    assert prompter.last_words() == "poller: feed failed no answer; worker: KeyError: 'uid'"
