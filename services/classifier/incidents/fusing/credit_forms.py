"""The forms in which the press says whose a report is, as patterns over the signs of the wires.

Each pattern has a group ``sign``; those of ``loose`` may do without, where agencies stay unnamed. What a
match must hold besides, and of whom it is believed, is decided in ``credits``.
"""

import re
from collections.abc import Iterable

AGENCIES = (
    r"(?:[Nn]ews\s+)?(?:[Aa]genc(?:y|ies)|[Ww]ires|[Ww]ire\s+[Ss]ervices)|(?:NEWS\s+)?(?:AGENCIES|WIRES)"
)
OF_A_PICTURE = re.compile(
    r"\b(?:photos?|pictures?|images?|files?|video|graphic|handout|getty|pool|stringer|courtesy)\b",
    re.IGNORECASE,
)
_INPUTS = (
    r"(?:[Bb]ased\s+on\s+(?:reporting|reports)\s+(?:by|from)|[Ww]ith(?:\s+(?:agency\s+)?"
    r"(?:inputs?|reports?|reporting|files|material)\s+(?:from|by))?)\s+(?:the\s+)?"
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DATE = rf"(?:\d{{1,2}}\s+)?{_MONTH}\s+(?:\d{{1,2}},?\s+)?\d{{4}}|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}"
_DASH = r"[-–—_]"
_STAFF = r"(?:(?:[A-Z][\w.'’-]*|in|and|[Ss]taff|[Rr]eporters?|[Cc]orrespondents?)\s+){1,8}"


class Forms:
    """The patterns for these signs, the longest sign first; without signs nothing matches."""

    def __init__(self, signs: Iterable[str]) -> None:
        any_sign = "|".join(map(re.escape, sorted(signs, key=len, reverse=True))) or "(?!)"
        one = rf"(?<!\w)(?:{any_sign})(?!\w)"
        sign = rf"(?<!\w)(?P<sign>{any_sign})(?!\w)"
        # "(AFP, Reuters)", "(Reuters/AP)"; but "(AFP/Getty Images)" and "REUTERS/Jane Roe" credit pictures.
        signs = rf"{sign}(?:\s*(?:,\s*and\b|[/,&+]|\band\b)\s*(?:the\s+)?(?:{one}|{AGENCIES})){{0,4}}"
        agencies = rf"(?:{AGENCIES})"

        self.dateline = (
            re.compile(
                rf"(?P<place>[^()\n]{{0,120}}?)[(\[]\s*{signs}\s*[)\]](?=(?P<then>\s*\.?\s*{_DASH}|:|\s*$))"
            ),
            re.compile(rf"(?P<place>[^/\n]{{0,120}}?)/\s*{signs}\s*/(?=(?P<then>[.:]|\s*{_DASH}))"),
        )
        """From the beginning of a line: ERBIL, Iraq (AP) -; MOSCOW, December 25. /TASS/."""
        self.bare_dateline = re.compile(
            rf"(?P<place>[^()\n]{{2,80}}?)(?:,|\s*\||\s+{_DASH})\s*{sign}(?=(?P<then>\s*{_DASH}|:))"
        )
        """Tehran, IRNA -; BAGHDAD, Dec 25, Reuters:"""
        self.end = re.compile(rf"[(\[]\s*{signs}(?:,?\s*(?:{_DATE}))?\s*[)\]]\W*$")
        """(AFP); (AFP, 25 December 2023)"""
        self.dash_end = re.compile(rf"(?<=\s){_DASH}\s*{sign}\W*$")
        self.copyright = re.compile(
            rf"(?:©|\b[Cc]opyright|\bCOPYRIGHT)\s*(?:\d{{4}},?\s*)?(?:[Tt]he\s+)?{sign}[^\n]*$"
        )
        self.byline = re.compile(rf"(?P<by>[Bb][Yy]\s+)?(?P<who>[A-Z][\w.'’ -]{{2,40}}[,|]\s*)?{signs}\.?")
        """A line of its own: By Reuters; By Jane Roe, Associated Press."""
        self.city_after = re.compile(rf"{signs},\s+[A-Z]{{3,}}[A-Z ,.'’-]*")
        """AFP, BAGHDAD"""
        self.title_end = re.compile(
            rf"(?P<bare>\s[-–—|]\s*|:\s*|[(\[])(?:{signs})(?:\s+News|\.com)?\s*[)\]]?\s*$"
        )
        self.title_start = re.compile(rf"{sign}:\s")
        self.says = re.compile(
            rf"(?P<by>\b(?:[Aa]ccording\s+to|citing|reported\s+by)\s+(?:the\s+)?(?:news\s+agency\s+)?)"
            rf"(?P<sign>{any_sign})(?!\w)|{sign.replace('<sign>', '<speaker>')}"
            rf"(?P<verb>(?:\s+news\s+agency)?\s+(?:reported|reports|said|says)\b)"
        )
        self.loose = tuple(
            re.compile(pattern)
            for pattern in (
                rf"(?:^|\n|[(\[.!?*\"”]\s*){_INPUTS}(?:{sign}.{{0,40}}|{agencies})\W*$",
                rf"\b(?:Source|SOURCE):\s*(?:[^.:\n]{{2,40}}?\b(?:and|AND|with|WITH)\s+)?(?:{sign}|{agencies})(?!\w)",
                rf"(?:[(\[]\s*|{_DASH}\s*|(?:^|\n)(?:[Bb]y\s+)?){agencies}\s*[)\]]?\W*$",
                rf"[(\[]\s*[A-Z][\w .&'’-]{{1,30}}?\s(?:with|and|&)\s+(?:{signs}|{agencies})\s*[)\]]\W*$",
                r"published from a syndicated feed\W*$",
            )
        )
        """At the end of the first line, or of the text: With inputs from AFP; Source: AP; (Agencies)."""
        self.loose_line = tuple(
            re.compile(pattern)
            for pattern in (
                rf"(?:[Bb]y\s+)?{_STAFF}(?:and|&|with)\s+(?:the\s+)?(?:{signs}|{agencies})",
                rf"[Bb]y\s.{{2,80}},\s*with\s+(?:the\s+)?(?:{signs}|{agencies})",
                rf"{signs}\s+in\s+[A-Z][^.\n]{{1,80}}",
                rf"(?!EPA)[A-Z]{{2,6}}/(?:{signs}|{agencies})",
            )
        )
        """A line of its own: Guardian staff and agencies; Reuters in Baghdad; ABC/Reuters."""
        self.loose_end = re.compile(rf"[.!?\"”]\s*(?:{_DASH}\s*)?{signs}(?:\s+[A-Z]{{2,4}}){{0,4}}\W*$")
        """After the last sentence: AFP, REUTERS; .-PTI; PTI SKL, with the desk's initials"""


REUTERS_CLOSE = re.compile(
    r"\bReporting by (?![^;\n]*\b(?:our|staff)\b)[^;()\n]{2,150};\s[^()\n]{0,200}?"
    r"\b[Ee]diting by [^;()\n]{2,100}\)?\W*$"
    r"|\bOur Standards: The Thomson Reuters Trust Principles\W*$"
)
"""How Reuters itself ends a text, and whoever prints it whole."""
