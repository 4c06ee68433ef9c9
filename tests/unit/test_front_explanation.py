"""``tocsin classify`` for a person: the verdict and the main event first, then the words they stand on."""

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from services.cli.terminal.explanation import show
from services.cli.terminal.marking import Mark, marked, nested
from tests.unit.coding.reading import article, coder

NEWS = (
    "Israeli strike kills two in Beirut",
    "An Israeli airstrike killed two Hezbollah fighters in Beirut on Wednesday, officials said.",
)


def shown(*parts: str, terminal: bool = False, width: int = 100) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=terminal, color_system="standard" if terminal else None
    )
    given_article = article(*parts)
    show(given_article, coder().code(given_article), console)
    return out.getvalue()


def test_verdict_main_event_and_text_come_in_this_order() -> None:
    told = shown(*NEWS)

    assert told.startswith("escalation (score ")
    assert told.index("main event: ASSAULT airstrike") < told.index("the text") < told.index("severity ")


def test_evidence_is_labelled_so_that_it_needs_no_colour() -> None:
    told = shown(*NEWS)

    assert "\x1b" not in told
    assert "recipient: two Hezbollah fighters]" in told
    assert "[place: Beirut]" in told
    assert "[date: Wednesday]" in told


def test_a_terminal_has_colours_and_the_same_words() -> None:
    told = shown(*NEWS, terminal=True)

    assert "\x1b[" in told
    assert "Beirut" in told


def test_in_a_pipe_a_sentence_is_a_line_and_nothing_is_padded() -> None:
    told = shown(*NEWS, width=30)

    (line,) = [line for line in told.splitlines() if line.startswith("summary")]
    assert line.endswith("officials said.")
    assert not [line for line in told.splitlines() if line != line.rstrip()]


def test_a_second_event_is_numbered_where_it_is_told_and_in_the_text() -> None:
    told = shown(
        "US strikes militia sites in Iraq after drone attack",
        "The US military struck three sites of Kataeb Hezbollah in Iraq on Monday after a drone attack "
        "wounded three American soldiers in Erbil, the Pentagon said.",
    )

    assert "event 2: ASSAULT" in told
    assert "[deed 2: " in told


def test_silence_shows_the_words_that_decided() -> None:
    told = shown("Nurses to strike over pay for three days next week")

    assert told.startswith("silence (score ")
    assert "Nurses to [decided: strike over pay] for" in told


def test_what_is_not_english_is_said_to_be_set_aside() -> None:
    told = shown("Ataque con drones deja cinco muertos", "Según las autoridades hay doce heridos.")

    assert told.startswith("set aside: not in English (looks Spanish")
    assert "[" not in told.split("the text")[1]


def test_long_stretches_without_a_mark_are_counted_not_shown() -> None:
    told = shown(*NEWS, "The weather was mild. " * 30)

    assert "... 28 sentences without a mark" in told


def test_an_article_does_not_speak_to_the_terminal() -> None:
    told = shown(NEWS[0], f"{NEWS[1]} \x1b[31m\u202e\x07 done", terminal=False)

    assert not {"\x1b", "\u202e", "\x07"} & set(told)
    assert "[place: Beirut]" in told


# ---- marks, one within another ------------------------------------------------------------------


def test_a_mark_within_another_is_written_within() -> None:
    text = "Israeli airstrike hits Gaza"
    marks = [Mark(0, 17, "deed"), Mark(0, 7, "actor"), Mark(23, 27, "place"), Mark(23, 27, "recipient")]

    assert marked(text, 0, len(text), marks).plain == (
        "[deed: [actor: Israeli] airstrike] hits [place + recipient: Gaza]"
    )


def test_a_mark_that_reaches_out_of_another_goes_on_behind_it() -> None:
    marks = [Mark(0, 4, "deed"), Mark(2, 6, "weapon")]

    assert nested(marks) == [Mark(0, 4, "deed"), Mark(2, 4, "weapon"), Mark(4, 6, "weapon")]


def test_overlapping_marks_of_one_label_are_one() -> None:
    assert nested([Mark(0, 4, "deed"), Mark(2, 6, "deed")]) == [Mark(0, 6, "deed")]


spans = st.tuples(st.integers(0, 20), st.integers(0, 20), st.sampled_from("abc"))


@given(st.lists(spans, max_size=8))
def test_marks_add_brackets_and_change_no_word(drawn: list[tuple[int, int, str]]) -> None:
    text = "0123456789" * 2
    marks = [Mark(min(x, y), max(x, y), label) for x, y, label in drawn]
    plain = marked(text, 0, len(text), marks).plain

    assert "".join(sign for sign in plain if sign.isdigit()) == text
    assert plain.count("[") == plain.count("]")
    placed = nested(marks)
    for one in placed:
        for other in placed:
            apart = one.end <= other.start or other.end <= one.start
            within = (one.start <= other.start and other.end <= one.end) or (
                other.start <= one.start and one.end <= other.end
            )
            assert apart or within
    covered = {place for mark in marks for place in range(mark.start, mark.end)}
    assert covered == {place for mark in placed for place in range(mark.start, mark.end)}
