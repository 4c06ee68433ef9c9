"""What is sent: the body, its signature, and how it looks in Slack."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from services.notifier import message
from services.notifier.channels import Answer
from services.notifier.channels.slack_message import escape, lay_out, safe_url
from services.notifier.channels.webhook import signed
from services.notifier.delivery import NEWEST_ATTEMPTS, attempted, delivery_id, new_delivery
from services.notifier.outcome import Fate, Outcome
from services.notifier.routing import Decision, Route
from shared.contracts import (
    AlertKind,
    Casualties,
    Claim,
    Count,
    DeliveryState,
    Evidence,
    Figure,
    Figures,
    Reason,
    Severity,
    Source,
    Subscription,
    Tier,
)
from tests.support.notifier import NOON, alert, event, trend

SECRETS = ["whsec_" + "QUJD" * 10, "whsec_" + "WFla" * 10]


def source(number: int, *, title: str = "Drones hit the port", url: str = "https://h.example/1") -> Source:
    return Source(outlet=f"paper{number}.example", title=title, url=url, published_at=NOON)


# ---- body ---------------------------------------------------------------------------------------


def test_a_body_is_type_timestamp_and_the_whole_alert() -> None:
    sent = json.loads(message.body(alert()))
    assert sent["type"] == "incident.opened"
    assert datetime.fromisoformat(sent["timestamp"]) == NOON
    assert sent["data"] == json.loads(alert().to_json())


def test_sources_are_cut_before_evidence_and_counts_are_kept() -> None:
    many = tuple(source(number, title="x" * 200) for number in range(100))
    sent = json.loads(message.body(alert(sources=many, sources_count=140)))["data"]
    assert sent["cut"] == ["sources"]
    assert len(sent["sources"]) == 10
    assert sent["sources_count"] == 140

    words = tuple(Evidence(field="actors", start=0, end=9, text="y" * 400) for _ in range(60))
    sent = json.loads(message.body(alert(sources=many, event=event(evidence=words))))["data"]
    assert sent["cut"] == ["sources", "evidence"]
    assert sent["evidence_count"] == 60
    assert sent["event"]["evidence"] == []
    assert sent["event"]["casualties"]["killed"] == {"low": 3, "high": 5}


def test_a_cut_body_links_to_all_of_it() -> None:
    words = tuple(Evidence(field="actors", start=0, end=9, text="y" * 900) for _ in range(60))
    big = alert(incident="inc_1 &/", event=event(evidence=words), headline="Ä" * 30_000)
    sent = json.loads(message.body(big, "https://desk.example.org/"))["data"]
    assert sent["cut"]
    assert sent["link"] == "https://desk.example.org/incidents/inc_1%20%26%2F"
    assert "link" not in json.loads(message.body(big))["data"]
    assert "link" not in json.loads(message.body(trend(), "https://desk.example.org"))["data"]


def test_the_essential_always_arrives() -> None:
    huge = alert(
        headline="Ä" * 30_000, sentence="\x00" * 30_000, references=tuple("r" * 9000 for _ in range(9))
    )
    text = message.body(huge)
    assert len(text.encode()) <= message.MAX_BYTES
    data = json.loads(text)["data"]
    assert data["id"] == "inc_1-1"
    assert data["headline"].startswith("ÄÄÄ")
    assert data["severity"]["tier"] == "Severe"


def test_a_trend_is_sent_with_its_arithmetic_and_its_days() -> None:
    sent = json.loads(message.body(trend()))
    assert sent["type"] == "trend.escalated"
    assert sent["data"]["incident_id"] is None
    assert sent["data"]["trend"]["arithmetic"].startswith("9 in 7 days; usually 2")
    assert len(sent["data"]["trend"]["days"]) == 30


def test_of_a_trend_too_long_the_arithmetic_stays() -> None:
    long = json.loads(message.body(trend(days=tuple(range(9000)))))["data"]
    assert long["cut"][-1] == "a trend's days"
    assert (long["trend"]["days"], long["trend"]["week"]) == ([], 9)
    huge = message.body(trend(names=("x" * 30_000,) * 9, surprise={str(n): "y" * 900 for n in range(40)}))
    data = json.loads(huge)["data"]
    assert len(huge.encode()) <= message.MAX_BYTES
    assert (data["trend"]["subject"], data["trend"]["usual"]) == ("Coast Front|QQB", 2.0)


# ---- signature ----------------------------------------------------------------------------------


def test_every_secret_signs_as_the_reference_library_does() -> None:
    body = '{"type":"x","é":1}'
    sent = signed("msg_1", SECRETS, body.encode(), NOON + timedelta(seconds=0.9))
    assert sent["webhook-id"] == "msg_1"
    assert sent["webhook-timestamp"] == str(int(NOON.timestamp()))
    expected = [Webhook(secret).sign("msg_1", NOON, body) for secret in SECRETS]
    assert sent["webhook-signature"].split() == expected


# ---- deliveries ---------------------------------------------------------------------------------


def test_an_id_is_stable_and_has_no_dot() -> None:
    first = delivery_id("inc_1-1", "sub_a")
    assert first == delivery_id("inc_1-1", "sub_a")
    assert first != delivery_id("inc_1-1", "sub_b")
    assert first.startswith("msg_")
    assert len(first) == 28
    assert "." not in first


def test_only_the_newest_attempts_are_kept_and_all_are_counted() -> None:
    to = Subscription(id="sub_a", channel="webhook", sealed_url="", url_hint="", created_at=NOON)
    delivery = new_delivery(alert(), "{}", Decision(to, Route.SEND, "why"), NOON)
    for number in range(15):
        answer = Answer(500, 1.0, body=f"no {number}\nwhsec_QUJD")
        delivery = attempted(delivery, answer, Outcome(Fate.RETRY, "answered 500", wait=5), NOON, NOON)
    assert delivery.attempts_count == 15
    assert len(delivery.attempts) == NEWEST_ATTEMPTS
    assert delivery.attempts[-1].answer == "no 14 ***"
    assert delivery.due_at == NOON + timedelta(seconds=5)
    assert delivery.body == "{}"

    done = attempted(delivery, Answer(200, 1.0), Outcome(Fate.DELIVERED, "answered 200"), NOON, NOON)
    assert (done.state, done.body) == (DeliveryState.DELIVERED, "")


# ---- Slack --------------------------------------------------------------------------------------


def words(said: dict[str, object]) -> str:
    return json.dumps(said, ensure_ascii=False)


def test_a_slack_message_of_a_trend_says_between_whom_how_often_and_what_tipped_it() -> None:
    said = lay_out(trend(), NOON)
    assert said["text"].startswith("\N{LARGE ORANGE CIRCLE} Trend: *Coast Front and Northland: 9 incidents")
    text = words(said)
    for part in (
        "above 2 + 3 x 1.48 x 1 = 6.4",
        "*Between*\\nCoast Front and Northland",
        "*In 7 days*\\n9, usually 2",
        "*30 days to 2026-03-02*\\n▁▁",
        "▄▁▆▄▁█▆",
        "*Tipped by*\\ninc_1",
        "• tipped by: Coast Front attacked Northland",
        "Rang because: more incidents in 7 days than its own baseline lets expect",
    ):
        assert part in text


def test_a_slack_message_says_who_what_whom_where_when_at_what_cost_and_why() -> None:
    said = lay_out(alert(sources=(source(1), source(2)), sources_count=7, outlets_count=5), NOON)
    assert said["text"] == "\N{LARGE ORANGE CIRCLE} *Drones hit Port Ander*"
    assert said["attachments"][0]["color"] == "#e8590c"
    text = words(said)
    for part in (
        "Coast Front attacked Northland",
        "Severe (62 of 100)",
        "assault, drone",
        "*Who*\\nCoast Front",
        "*Whom*\\nNorthland",
        "Port Ander (QQB)",
        "2026-03-01",
        "3–5 killed",
        "Certainty: likely. 7 reports, 5 independent voices: <https",
        "<https://h.example/1|paper1.example>",
        "Rang because: first report of the incident",
    ):
        assert part in text
    assert "after it rang" not in text


def test_a_slack_message_calls_an_outlet_by_its_name_and_says_whose_voices_they_are() -> None:
    named = source(1).model_copy(update={"name": "The Port | <Post>"})
    told = alert(
        sources=(named, source(2)), sources_count=2, certainty_because="2 independent voices: A, B & C"
    )
    text = words(lay_out(told, NOON))
    assert "<https://h.example/1|The Port / &lt;Post&gt;>" in text
    assert "|paper2.example>" in text
    assert "Certainty: likely (2 independent voices: A, B &amp; C). 2 reports: <https" in text


@pytest.mark.parametrize(
    ("voices", "said"), [(0, "no independent voice"), (1, "1 independent voice"), (2, "2 independent voices")]
)
def test_a_slack_message_counts_voices_and_none_is_none(voices: int, said: str) -> None:
    told = alert(sources=(source(1),), sources_count=4, outlets_count=voices)
    assert f"Certainty: likely. 4 reports, {said}: <https" in words(lay_out(told, NOON))


def test_a_late_message_says_how_late_it_is() -> None:
    assert "*Sent 14 minutes after it rang*" in words(lay_out(alert(), NOON + timedelta(minutes=14)))
    assert "*Sent 3 hours after it rang*" in words(lay_out(alert(), NOON + timedelta(hours=3)))
    assert "*Sent 4 days after it rang*" in words(lay_out(alert(), NOON + timedelta(days=4)))


def test_none_killed_is_not_the_same_as_not_stated() -> None:
    none = event(casualties=Casualties(killed=Count(low=0, high=0), injured=Count(low=2, high=2)))
    assert "none killed, 2 injured" in words(lay_out(alert(event=none), NOON))
    unstated = event(casualties=Casualties())
    assert "Casualties" not in words(lay_out(alert(event=unstated), NOON))


def test_who_gives_a_count_and_what_others_tell_stands_beside_it() -> None:
    told = Figure(
        low=3, high=5, said_by="health <ministry>", official=True, told=Count(low=3, high=14), at=NOON
    )
    claimed = Figure(low=9, high=9, said_by="the Front", claim=True, at=NOON)
    cost = Casualties(killed=Count(low=3, high=5), injured=Count(low=9, high=9))
    message_ = lay_out(
        alert(event=event(casualties=cost), figures=Figures(killed=told, injured=claimed)), NOON
    )
    text = json.dumps(message_, ensure_ascii=False)
    assert "3–5 killed (health &lt;ministry&gt;; 3–14 told), 9 injured (by the count of the Front)" in text


def test_the_figures_stand_in_the_body() -> None:
    told = Figure(low=3, high=5, said_by="police", official=True, at=NOON)
    sent = json.loads(message.body(alert(figures=Figures(killed=told))))["data"]["figures"]["killed"]
    assert (sent["low"], sent["said_by"], sent["official"], sent["told"]) == (3, "police", True, None)


def test_a_month_a_claim_and_many_sides_are_told_as_they_are() -> None:
    told = event(
        occurred_on=date(2026, 2, 1),
        date_precision=3,
        claim=Claim(by="Coast Front", attributed_by="Northland", denied_by=("Eastland",)),
        actors=event().actors * 6,
    )
    text = words(lay_out(alert(event=told), NOON))
    assert "2026-02-01 (that month)" in text
    assert "claimed by Coast Front; blamed by Northland; denied by Eastland" in text
    assert "Coast Front and 2 more" in text


@pytest.mark.parametrize(
    ("kind", "start"),
    [
        (AlertKind.ESCALATED, "Escalated: "),
        (AlertKind.CORRECTED, "Correction: "),
        (AlertKind.RETRACTED, "Retracted: "),
        ("newer", ""),
    ],
)
def test_what_is_not_an_opening_says_so(kind: str, start: str) -> None:
    said = lay_out(
        alert(kind, severity=Severity(score=90, tier=Tier.EXTREME), changes=("killed 3 to 9",)), NOON
    )
    assert said["text"] == f"\N{LARGE RED CIRCLE} {start}*Drones hit Port Ander*"
    assert "• killed 3 to 9" in words(said)


def test_a_merged_incident_says_where_it_goes_on_and_a_split_one_whence_it_came() -> None:
    merged = alert(AlertKind.RETRACTED, reason=Reason.MERGED_BY_HAND, merged_into="inc_<elder>")
    assert "It is one with inc_&lt;elder&gt; and goes on there." in words(lay_out(merged, NOON))
    assert "Rang because: a person merged it with another incident" in words(lay_out(merged, NOON))
    assert "Split from inc_0." in words(lay_out(alert(split_from="inc_0"), NOON))
    assert json.loads(message.body(merged))["data"]["merged_into"] == "inc_<elder>"


def test_where_a_merged_incident_goes_on_is_never_cut() -> None:
    strange = {f"tomorrow {number}": "\x00" * 300 for number in range(30)}
    huge = alert(AlertKind.RETRACTED, event=event().model_copy(update=strange))
    told = huge.model_copy(update={"merged_into": "inc_elder", "split_from": "inc_0"})
    sent = json.loads(message.body(told))["data"]

    assert sent["cut"][-1] == "all but the essential"
    assert (sent["merged_into"], sent["split_from"]) == ("inc_elder", "inc_0")


def test_a_system_alert_needs_no_event() -> None:
    said = lay_out(alert(AlertKind.DEGRADED, incident=None, sources=(), sources_count=0), NOON)
    assert said["text"].startswith("\N{BELL}")


def test_a_title_can_neither_ring_nor_link_nor_hide() -> None:
    evil = "<!channel> <https://evil.example|bank> @here &amp; \u202egnol\x1b[31m\nnext"
    assert escape(evil, 300) == (
        "&lt;!channel&gt; &lt;https://evil.example|bank&gt; @\u200bhere &amp;amp; gnol [31m next"
    )
    assert escape("a" * 10 + "<", 11) == "aaaaaaaaaa…"
    assert escape("می\u200cخواهد", 300) == "می\u200cخواهد"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x?a=1&b=2", "https://a.example/x?a=1&amp;b=2"),
        ("https://a.example/|x>y", "https://a.example/%7Cx%3Ey"),
        ("https://a.example/ö", "https://a.example/%C3%B6"),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("http://[", ""),
        ("https://a.example/" + "x" * 500, ""),
        ("", ""),
    ],
)
def test_a_link_can_not_end_early(url: str, safe: str) -> None:
    assert safe_url(url) == safe


def test_a_source_without_a_usable_address_is_named_without_a_link() -> None:
    said = words(lay_out(alert(sources=(source(1, url="javascript:x"),)), NOON.astimezone(UTC)))
    assert "paper1.example" in said
    assert "javascript" not in said
