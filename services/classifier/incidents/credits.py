"""Which wire a text credits, in the forms in which the press does it; the words are the proof.

A dateline (*ERBIL, Iraq (AP) -*, *MOSCOW, December 25. /TASS/*), the end (*(AFP)*, *- Reuters*), a line of
its own (*By Reuters*), or *Reuters reported* where nobody else is quoted. Looser forms (*With inputs from
agencies*, *Source: AP*) are believed only of outlets that are known to carry wires.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shared.contracts import Article
from shared.outlets import Registry, Wire

_END = 160
"""Characters at the end of a text in which it may say whose it is."""
_LONGEST_LINE = 300
"""Characters of a line that are looked at for a dateline, or that may be a byline."""
_DATELINE_WORDS = 12
_AGENCIES = r"(?:[Nn]ews\s+)?(?:[Aa]genc(?:y|ies)|AGENCIES|[Ww]ires|[Ww]ire\s+[Ss]ervices)"
_INPUTS = (
    r"[Ww]ith\s+(?:(?:agency\s+)?(?:inputs?|reports?|reporting|files|material)\s+(?:from|by)\s+)?(?:the\s+)?"
)
_OTHERS_SPEAK = re.compile(
    r"\b(?:said|says|saying|told|tells|according|announced|confirmed|reported|reports|statement|claimed|"
    r"quoted|citing|cited|posted|wrote)\b",
    re.IGNORECASE,
)
_NOT_OF_THE_TEXT = re.compile(r"(?:photos?|pictures?|images?|files?|video|graphic|credit)\W*$", re.IGNORECASE)


@dataclass(frozen=True)
class Credit:
    """The wire that a text credits (None: an agency that it does not name) and the words that say so."""

    wire: Wire | None
    words: str


class Credits:
    """Finds credits of the wires that a registry knows; of several in one place, the first."""

    def __init__(self, registry: Registry) -> None:
        self._signed = {sign: wire for wire in registry.wires for sign in wire.signs}
        self._ids = {wire.id: wire for wire in registry.wires}
        # Without wires nothing may match, rather than the empty sign.
        signs = "|".join(map(re.escape, sorted(self._signed, key=len, reverse=True))) or "(?!)"
        sign = rf"(?P<sign>{signs})"
        # "(AFP, Reuters)", "(Reuters/AP)"; but "(AP Photo/...)" credits a picture.
        signed = rf"{sign}(?:\s*(?:[/,&+]|and)\s*[A-Za-z][\w .]{{0,30}}){{0,3}}"
        place = r"\s*(?:[A-Z][^()/\n]{0,80}?)?"
        self._dateline = tuple(
            re.compile(pattern)
            for pattern in (
                # Without the dash or colon it is an abbreviation: "Andhra Pradesh (AP) is flooded."
                rf"{place}[(\[]\s*{signed}\s*[)\]](?=\s*\.?\s*[-–—]|:)",
                rf"{place}/\s*{signed}\s*/(?=[.:]|\s*[-–—])",
                rf"{place},\s*{sign}(?=\s*[-–—])",
            )
        )
        self._end = tuple(
            re.compile(pattern)
            for pattern in (rf"[(\[]\s*{signed}\s*[)\]]\W*$", rf"(?<=\s)[-–—]\s*{sign}\W*$")
        )
        self._line = re.compile(rf"(?:[Bb][Yy]\s+)?(?:[A-Z][\w.'’ -]{{2,40}}[,|]\s*)?{signed}\.?")
        self._says = re.compile(
            rf"\b(?:(?:[Aa]ccording to|citing|reported by)\s+(?:the\s+)?(?:news agency\s+)?(?:{signs})"
            rf"|(?:{signs})(?:\s+news\s+agency)?\s+(?:reported|reports|said|says))\b"
        )
        self._sign = re.compile(signs)
        self._loose = tuple(
            re.compile(pattern, re.MULTILINE)
            for pattern in (
                rf"(?:^|[(\[.!?\"”]\s*){_INPUTS}(?:{sign}\b.{{0,40}}|{_AGENCIES})\W*$",
                rf"\bSource:\s*(?:{sign}|{_AGENCIES})\b",
                rf"(?:[(\[]\s*|[-–—]\s*|^(?:[Bb]y\s+)?){_AGENCIES}\s*[)\]]?\W*$",
            )
        )

    def find(self, article: Article, carries: tuple[str, ...] = ()) -> Credit | None:
        """The credit in an article of an outlet that ``carries`` these wires, or None when it has none."""
        texts = [text.strip() for text in (article.summary, article.body) if text.strip()]
        plain = (credit for text in texts for credit in self._plainly(text))
        loose = (credit for text in texts for credit in self._loosely(text, carries))
        return next(plain, None) or next(loose, None) or self._only_source("\n".join((article.title, *texts)))

    def _plainly(self, text: str) -> Iterator[Credit]:
        lines = text.split("\n")
        for line in lines[:2]:  # a byline may stand before the dateline
            for form in self._dateline:
                found = form.match(line[:_LONGEST_LINE])
                if found and len(found[0].split()) <= _DATELINE_WORDS:
                    yield self._credit(found)
        end = text[-_END:]
        for form in self._end:
            found = form.search(end)
            if found and not _NOT_OF_THE_TEXT.search(end[: found.start()]):
                yield self._credit(found)
        for line in (lines[0], lines[-1]):
            if len(line) <= _LONGEST_LINE and (found := self._line.fullmatch(line.strip())):
                yield self._credit(found)

    def _loosely(self, text: str, carries: tuple[str, ...]) -> Iterator[Credit]:
        for part in (text.split("\n", 1)[0], text) if carries else ():
            for form in self._loose:
                if not (found := form.search(part[-_END:])):
                    continue
                sign = found.groupdict().get("sign")
                if sign is None:
                    # The only wire that an outlet carries needs no name.
                    yield Credit(self._ids.get(carries[0]) if len(carries) == 1 else None, _shown(found))
                elif self._signed[sign].id in carries:
                    yield self._credit(found)

    def _only_source(self, text: str) -> Credit | None:
        said = [found[0] for found in self._says.finditer(text)]
        wires = {self._signed[sign].id for words in said for sign in self._sign.findall(words)}
        if len(wires) != 1 or _OTHERS_SPEAK.search(self._says.sub(" ", text)):
            return None
        return Credit(self._ids[wires.pop()], said[0])

    def _credit(self, found: re.Match[str]) -> Credit:
        return Credit(self._signed[found["sign"]], _shown(found))


def _shown(found: re.Match[str]) -> str:
    return " ".join(found[0].split())[-60:]
