"""What holds for all alerts and all filters: sizes, escapes, and errors of one kind."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slackblocks import Attachment, ContextBlock, SectionBlock, Text, TextType

from services.notifier import message
from services.notifier.channels import slack_message
from shared import filters
from shared.contracts import Actor, Alert, Casualties, Claim, Count, Evidence, Place, Source, Tally, Trend
from shared.errors import BadFilter
from tests.support.notifier import NOON, alert, event

# Long and nasty texts, not only short ones: repetition gives size at little cost.
nasty = st.sampled_from(
    ["<!channel>", "&amp;", "\x00", "\u202e", "𝔘", "é", "<a|b>", "@here ", "`*_~", "\n", "x", '"\\']
)
texts = st.builds(lambda a, b, n: a + b * n, st.text(max_size=30), nasty, st.integers(0, 600))
codes = st.one_of(st.none(), st.sampled_from(["IRQ", "SYR"]), st.text(max_size=5))
actors = st.builds(Actor, text=texts, name=texts, country=codes)
counts = st.one_of(st.none(), st.builds(Count, low=st.integers(0, 10**30), high=st.integers(0, 10**30)))
sources = st.builds(
    Source,
    outlet=texts,
    name=texts,
    title=texts,
    url=st.one_of(texts, st.just("https://a.example/?a=b&c=<|>")),
    published_at=st.just(NOON),
)
events = st.builds(
    event,
    actors=st.lists(actors, max_size=8).map(tuple),
    recipients=st.lists(actors, max_size=3).map(tuple),
    place=st.one_of(st.none(), st.builds(Place, name=texts, country=codes)),
    mode=st.one_of(st.none(), texts),
    event_type=texts,
    casualties=st.builds(Casualties, killed=counts, injured=counts, missing=counts),
    claim=st.builds(Claim, by=st.one_of(st.none(), texts), denied_by=st.lists(texts, max_size=4).map(tuple)),
    certainty=texts,
    weapon=st.one_of(st.none(), texts),
    evidence=st.integers(0, 300).flatmap(
        lambda n: texts.map(lambda t: tuple(Evidence(field="f", start=0, end=1, text=t) for _ in range(n)))
    ),
)
alerts = st.builds(
    alert,
    kind=st.one_of(st.sampled_from(["opened", "retracted", "system.test"]), texts),
    reason=texts,
    incident=st.one_of(st.none(), texts),
    sequence=st.integers(0, 10**30),
    headline=texts,
    sentence=texts,
    changes=st.lists(texts, max_size=8).map(tuple),
    references=st.lists(texts, max_size=30).map(tuple),
    event=st.one_of(st.none(), events),
    sources=st.lists(sources, max_size=12).map(tuple),
    sources_count=st.integers(0, 10**30),
    certainty_because=texts,
    tallies=st.lists(st.builds(Tally, count=st.integers(0, 10**9), of=texts), max_size=5).map(tuple),
    article_id=st.one_of(st.none(), texts),
    surprise=st.one_of(st.none(), texts, st.lists(texts, max_size=5)),
)
trends = st.builds(
    Trend,
    subject=texts,
    names=st.lists(texts, max_size=8).map(tuple),
    why=texts,
    rung=st.integers(1, 5),
    arithmetic=texts,
    week=st.integers(0, 10**30),
    usual=st.one_of(st.none(), st.floats(0, 1e9)),
    days=st.lists(st.integers(0, 10**6), max_size=400).map(tuple),
    last_day=st.just(NOON.date()),
    incident_id=texts,
)
alerts = st.builds(
    lambda each, trend: each.model_copy(update={"trend": trend}), alerts, st.one_of(st.none(), trends)
)
ORDER = (
    "sources",
    "evidence",
    "more sources",
    "tallies",
    "a trend's days",
    "the story's middle",
    "long texts",
    "all but the essential",
)
slow = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@slow
@given(alerts)
def test_a_body_fits_and_is_an_alert_again(each: Alert) -> None:
    text = message.body(each, "https://desk.example.org" * 3)
    assert len(text.encode()) <= message.MAX_BYTES - message.ROOM
    sent = json.loads(text)
    assert set(sent) == {"type", "timestamp", "data"}
    link = sent["data"].pop("link", "")
    assert not link or link.startswith("https://desk.example.org")
    cut = sent["data"].get("cut", [])
    # Sources and evidence go first, and nothing else while that is enough.
    assert cut == list(ORDER[: len(cut)])
    if len(cut) == 1:
        assert sent["data"]["event"] == json.loads(each.to_json())["event"]
        assert sent["data"]["headline"] == each.headline
    again = Alert.model_validate(sent["data"])
    assert again.at == each.at
    if "cut" not in sent["data"]:
        assert again == each
    else:
        assert sent["data"]["sources_count"] >= min(len(each.sources), 2**53)


@slow
@given(alerts)
def test_a_slack_message_is_within_slacks_limits_and_calls_nobody(each: Alert) -> None:
    said = slack_message.lay_out(Alert.model_validate(json.loads(message.body(each))["data"]), NOON)
    assert 0 < len(said["text"]) <= 3000
    (card,) = said["attachments"]
    for piece in [said["text"], card["fallback"], *_pieces(card["blocks"])]:
        assert "<!" not in piece
        assert "@channel" not in piece
        assert "@here" not in piece
        assert "\u202e" not in piece
    # The oracle rejects what Slack would: too long, too many, empty.
    blocks = [_oracle(block) for block in card["blocks"]]
    assert Attachment(blocks=blocks, color=card["color"])
    assert len(blocks) <= 50


def _oracle(block: dict[str, Any]) -> Any:
    if block["type"] == "context":
        return ContextBlock(elements=[_text(each) for each in block["elements"]])
    if "fields" in block:
        assert len(block["fields"]) <= 10
        return SectionBlock(fields=[_text(each) for each in block["fields"]])
    return SectionBlock(text=_text(block["text"]))


def _text(element: dict[str, Any]) -> Text:
    assert element["type"] == "mrkdwn"
    assert element["verbatim"] is True
    return Text(element["text"], type_=TextType.MARKDOWN, verbatim=True)


def _pieces(blocks: list[dict[str, Any]]) -> list[str]:
    return [
        text["text"]
        for block in blocks
        for text in [block.get("text"), *block.get("fields", []), *block.get("elements", [])]
        if text
    ]


@slow
@given(texts, st.integers(10, 400))
def test_escaped_text_fits_and_holds_no_bare_markup(text: str, limit: int) -> None:
    shown = slack_message.escape(text, limit)
    assert len(shown) <= limit
    assert "<" not in shown
    assert ">" not in shown
    for part in shown.split("&")[1:]:
        assert part.startswith(("amp;", "lt;", "gt;"))


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.text(alphabet='severity>=Minor,country=~"IRQ|"\\ (', max_size=60)))
def test_parsing_raises_nothing_but_bad_filter(text: str) -> None:
    try:
        parsed = filters.parse(text)
    except BadFilter:
        return
    assert filters.parse(str(parsed)) == parsed


values = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
matchers = st.one_of(
    st.tuples(
        st.sampled_from(["place", "actor", "outlet", "weapon", "mode"]), st.sampled_from(["=", "!="]), values
    ),
    st.tuples(
        st.sampled_from(["killed", "score"]), st.sampled_from(["=", ">=", "<"]), st.integers(0, 999).map(str)
    ),
    st.tuples(st.just("severity"), st.sampled_from([">=", "=", "!="]), st.sampled_from(["Minor", "severe"])),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(matchers, max_size=5), alerts)
def test_a_filter_is_read_back_as_it_is_written(parts: list[tuple[str, str, str]], each: Alert) -> None:
    written = ",".join(f'{name}{op}"{_quote(value)}"' for name, op, value in parts)
    parsed = filters.parse(written)
    assert [(m.name, m.op, m.value) for m in parsed.matchers] == parts
    again = filters.parse(str(parsed))
    assert again == parsed
    assert again.matches(each) == parsed.matches(each)


def _quote(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
