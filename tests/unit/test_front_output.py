"""Many speakers on one board."""

import asyncio
import io

from services.cli.house.output import LONGEST_LINE, Board, relay


async def _said(*chunks: bytes) -> list[str]:
    stream = asyncio.StreamReader()
    for chunk in chunks:
        stream.feed_data(chunk)
    stream.feed_eof()
    heard: list[str] = []
    await relay(stream, heard.append)
    return heard


async def test_lines_are_handed_on_whole_wherever_the_chunks_were_cut() -> None:
    assert await _said(b"one\ntw", b"o\n\nthree") == ["one", "two", "three"]


async def test_bytes_that_are_no_text_are_shown_and_do_no_harm() -> None:
    assert await _said(b"caf\xe9\n") == ["caf\ufffd"]


async def test_an_endless_line_comes_in_pieces() -> None:
    pieces = await _said(b"x" * (3 * LONGEST_LINE))
    assert len(pieces) > 1
    assert "".join(pieces) == "x" * (3 * LONGEST_LINE)


def test_each_line_stands_under_its_speakers_name() -> None:
    out = io.StringIO()
    board = Board(["api", "notifier"], stream=out, colour=False)
    board.say("api", "hello")
    board.say("notifier", "hello")
    assert out.getvalue() == "api      | hello\nnotifier | hello\n"


def test_colour_is_for_terminals() -> None:
    out = io.StringIO()
    Board(["api"], stream=out).say("api", "hello")
    assert "\x1b" not in out.getvalue()
    Board(["api"], stream=out, colour=True).say("api", "hello")
    assert "\x1b[36mapi |\x1b[0m hello\n" in out.getvalue()


def test_a_reader_that_went_away_stops_nothing() -> None:
    class Gone(io.StringIO):
        def write(self, _text: str) -> int:
            raise BrokenPipeError

    board = Board(["api"], stream=Gone(), colour=False)
    board.say("api", "hello")
    board.say("api", "hello")
    assert board.closed
