"""Which wire a text credits, in the forms in which the press does it; the words are the proof.

A dateline (*ERBIL, Iraq (AP) -*, *MOSCOW, December 25. /TASS/*), the end (*(AFP)*, *- Reuters*), a line of
its own (*By Reuters*), the title (*Reuters: ...*), or *Reuters reported* where nobody else is quoted. Looser
forms (*With inputs from agencies*, *Source: AP*) are believed only of outlets that are known to carry wires.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.classifier.incidents.fusing.credit_forms import OF_A_PICTURE, REUTERS_CLOSE, Forms
from shared.outlets import Registry, Wire

_AFTER_THE_SIGN = 20
_END = 160
"""Characters at the end of a text in which it may say whose it is."""
_CLOSE = 400
"""Characters at its end that may be the wire's own close: who reported, who edited, whose the rights are."""
_LONGEST_LINE = 300
"""Characters of a line that are looked at for a dateline, or that may be a byline."""
_CITY_WORDS = 3
_OTHERS_SPEAK = re.compile(
    r"\b(?:said|says|saying|told|tells|according|announced|confirmed|reported|reports|statement|claimed|"
    r"quoted|citing|cited|posted|wrote)\b",
    re.IGNORECASE,
)
_NOT_OF_THE_TEXT = re.compile(r"(?:photos?|pictures?|images?|files?|video|graphic|credit)\W*$", re.IGNORECASE)
_WORD = re.compile(r"\w[\w'’]*")
_SMALL = re.compile(r"a[lrstzdn]|el|ash|of|and|the|del?|della|l[ae]s?|d[aiou]|d[ao]s|in|on|near")
"""Words of a dateline that are not names: *off Yemen*, *Port of Spain*, *near al-Tanf*."""
_NAMED_BEFORE = re.compile(r"(?P<name>[A-Z][\w'’-]*)\s+$")
_DAYS = frozenset(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])


@dataclass(frozen=True)
class Credit:
    """The wire that a text credits (None: an agency that it does not name) and the words that say so."""

    wire: Wire | None
    words: str


class Credits:
    """Finds credits of the wires that a registry knows; of several in one place, the first."""

    def __init__(self, registry: Registry) -> None:
        self._signed: dict[str, Wire] = {}
        for wire in registry.wires:
            for sign in (*wire.signs, *wire.doubtful):
                self._signed.setdefault(sign, wire)  # a wire of one's own takes no sign of ours
        self._ids = {wire.id: wire for wire in registry.wires}
        self._forms = Forms(self._signed)

    def find(self, title: str, texts: Sequence[str], carries: tuple[str, ...] = ()) -> Credit | None:
        """The credit in these texts of an outlet that ``carries`` these wires; None when there is none."""
        texts = [text.strip() for text in texts if text.strip()]
        plain = (credit for text in texts for credit in self._plainly(text, carries))
        loose = (credit for text in texts for credit in self._loosely(text, carries))
        return (
            next(plain, None)
            or next(self._in_title(title.strip(), carries), None)
            or next(loose, None)
            or self._only_source("\n".join((title, *texts)), carries)
        )

    # ---- forms that anybody uses ------------------------------------------------------------------

    def _plainly(self, text: str, carries: tuple[str, ...]) -> Iterator[Credit]:
        lines = text.split("\n")
        for line in lines[:2]:  # a byline may stand before the dateline
            yield from self._dateline(line[:_LONGEST_LINE], carries)
        end = text[-_END:]
        for form in (self._forms.end, self._forms.dash_end):
            found = form.search(end)
            if found and not _NOT_OF_THE_TEXT.search(end[: found.start()]) and not _spelt(found, end):
                yield from self._believed(found, carries)
        yield from self._close(text[-_CLOSE:], carries)
        for line in _edges(lines):
            if OF_A_PICTURE.search(line):
                continue
            if (found := self._forms.byline.fullmatch(line)) and _is_named(found["who"] or ""):
                # "Jane Roe, AP" signs a report; but "Vijayawada, AP" names a place.
                yield from self._believed(found, carries, bare=bool(found["who"] and not found["by"]))
            if found := self._forms.city_after.fullmatch(line):
                yield from self._believed(found, carries)

    def _dateline(self, line: str, carries: tuple[str, ...]) -> Iterator[Credit]:
        for form in self._forms.dateline:
            found = form.match(line)
            if found and _is_named(found["place"]) and not _spelt(found, line):
                dated = any(map(str.isdigit, found["place"]))
                yield from self._believed(found, carries, bare=found["then"] == ":" and not dated)
        found = self._forms.bare_dateline.match(line)
        if found and _is_named(found["place"]):
            sure = found["place"].isupper() or any(map(str.isdigit, found["place"]))
            short = found["then"] != ":" and len(_WORD.findall(found["place"])) <= _CITY_WORDS
            if sure or short:
                yield from self._believed(found, carries, bare=True)

    def _close(self, end: str, carries: tuple[str, ...]) -> Iterator[Credit]:
        found = self._forms.copyright.search(end)
        if found and not _NOT_OF_THE_TEXT.search(end[: found.start()]) and not OF_A_PICTURE.search(found[0]):
            yield from self._believed(found, carries)
        if (found := REUTERS_CLOSE.search(end)) and "reuters" in self._ids:
            yield Credit(self._ids["reuters"], _shown(found))

    def _in_title(self, title: str, carries: tuple[str, ...]) -> Iterator[Credit]:
        if (found := self._forms.title_end.search(title)) and not _spelt(found, title):
            yield from self._believed(found, carries, bare=found["bare"] not in ("(", "["))
        if found := self._forms.title_start.match(title):
            yield from self._believed(found, carries, bare=True)

    # ---- forms of those who carry wires -----------------------------------------------------------

    def _loosely(self, text: str, carries: tuple[str, ...]) -> Iterator[Credit]:
        if not carries:
            return
        lines = text.split("\n")
        found = [form.search(part[-_END:]) for part in (lines[0], text) for form in self._forms.loose]
        found += [
            form.fullmatch(line)
            for line in _edges(lines)
            if not OF_A_PICTURE.search(line)
            for form in self._forms.loose_line
        ]
        last = self._forms.loose_end.search(text[-_END:])
        if last and not _NOT_OF_THE_TEXT.search(text[-_END:][: last.start() + 1]):
            found.append(last)
        for match in filter(None, found):
            if match.groupdict().get("sign"):
                yield from self._carried(match, carries)
            else:
                # The only wire that an outlet carries needs no name.
                yield Credit(self._ids.get(carries[0]) if len(carries) == 1 else None, _shown(match))

    def _only_source(self, text: str, carries: tuple[str, ...]) -> Credit | None:
        said = [found for found in self._forms.says.finditer(text) if self._of_a_wire(found, text, carries)]
        wires = {self._signed[found["sign"] or found["speaker"]].id for found in said}
        if len(wires) != 1 or _OTHERS_SPEAK.search(_without(said, text)):
            return None
        return Credit(self._ids[wires.pop()], said[0][0])

    def _of_a_wire(self, found: re.Match[str], text: str, carries: tuple[str, ...]) -> bool:
        """Whether it is a wire that speaks, not the mayor or the party of that name."""
        sign, said = found["sign"] or found["speaker"], found[0]
        wire = self._signed[sign]
        if sign not in wire.doubtful or "news agency" in said:
            return True
        before = _NAMED_BEFORE.search(text[max(0, found.start() - 40) : found.start()])
        if before and before["name"] not in _DAYS:
            return False
        # To report is what media do; a mayor says.
        reported = "report" in said or "citing" in said
        return wire.id in carries or (reported and sign in wire.signs)

    # ---- who is believed --------------------------------------------------------------------------

    def _believed(
        self, found: re.Match[str], carries: tuple[str, ...], *, bare: bool = False
    ) -> Iterator[Credit]:
        """The credit, unless its sign may be something else: ``bare``, two letters are a state, too."""
        wire = self._signed[found["sign"]]
        unsure = bare and (found["sign"] in wire.doubtful or len(found["sign"]) == 2)
        if wire.id in carries or (found["sign"] in wire.signs and not unsure):
            yield Credit(wire, _shown(found))

    def _carried(self, found: re.Match[str], carries: tuple[str, ...]) -> Iterator[Credit]:
        wire = self._signed[found["sign"]]
        if wire.id in carries:
            yield Credit(wire, _shown(found))


def _edges(lines: Sequence[str]) -> Iterable[str]:
    """The first two lines and the last, which may be a byline, without their margins."""
    ends = dict.fromkeys((*lines[:2], lines[-1]))
    return [line.strip() for line in ends if line.strip() and len(line) <= _LONGEST_LINE]


def _is_named(text: str) -> bool:
    """Whether it is but names and dates, as a place or a byline is: *25 dic* is, *the map* is not."""
    words = _WORD.findall(text)
    return all(
        not word[0].islower() or _SMALL.fullmatch(word) is not None or (at > 0 and words[at - 1].isdigit())
        for at, word in enumerate(words)
    )


def _spelt(found: re.Match[str], text: str) -> bool:
    """Whether the words before a sign spell it: *Andhra Pradesh (AP)* explains an abbreviation."""
    before = text[: found.start("sign")].rpartition(",")[2]
    initials = "".join(word[0] for word in re.split(r"[\W_]+", before) if word and word[0].isupper())
    sign = found["sign"]
    return sign.isupper() and len(sign) > 1 and initials.endswith(sign)


def _without(said: Sequence[re.Match[str]], text: str) -> str:
    parts, at = [], 0
    for found in said:
        parts.append(text[at : found.start()])
        at = found.end()
    return " ".join((*parts, text[at:]))


def _shown(found: re.Match[str]) -> str:
    """The words of a credit, about the sign: a copyright's small print goes on for lines."""
    text = found[0]
    if found.re.groupindex.get("sign") and found["sign"]:
        text = text[: found.end("sign") - found.start() + _AFTER_THE_SIGN]
    return " ".join(text.split())[-60:]
