"""Event type and mode in; CAMEO code, Goldstein score and MID hostility level out.

Sources: CAMEO 1.1b3 codebook (Schrodt 2012); Goldstein 1992, *A Conflict-Cooperation Scale for WEIS Events
Data*, as mapped to CAMEO by Schrodt; hostility levels of the Correlates of War MID 4.0 codebook (1 none, 2
threat, 3 display, 4 use of force, 5 war). A declaration of war is level 5's threat and counts 4 here: level 5
is a war as a whole, which no single report shows.
"""

from services.classifier.coding.lexicon import word_class

_CAMEO: dict[tuple[str, str | None], tuple[str, float]] = {
    ("ASSAULT", "airstrike"): ("195", -10.0),
    ("ASSAULT", "drone"): ("1952", -10.0),
    ("ASSAULT", "missile"): ("195", -10.0),
    ("ASSAULT", "artillery"): ("194", -10.0),
    ("ASSAULT", "clash"): ("190", -10.0),
    ("ASSAULT", "firearms"): ("193", -10.0),
    ("ASSAULT", "explosives"): ("183", -10.0),
    ("ASSAULT", "suicide-attack"): ("1831", -10.0),
    ("ASSAULT", "assassination"): ("186", -10.0),
    ("ASSAULT", "abduct"): ("181", -9.0),
    ("ASSAULT", "massacre"): ("202", -10.0),
    ("ASSAULT", "destroy"): ("190", -10.0),
    ("ASSAULT", "ground-offensive"): ("192", -9.5),
    ("ASSAULT", "naval"): ("190", -10.0),
    ("ASSAULT", "unconventional"): ("204", -10.0),
    ("ASSAULT", "crowd-control"): ("175", -9.0),
    ("ASSAULT", "intercept"): ("190", -10.0),
    ("ASSAULT", "other"): ("180", -9.0),
    ("COERCE", "blockade"): ("191", -9.5),
    ("COERCE", "seize"): ("171", -9.2),
    ("COERCE", "arrest"): ("173", -5.0),
    ("COERCE", "martial-law"): ("1724", -5.0),
    ("COERCE", "curfew"): ("1723", -5.0),
    ("COERCE", "restrict"): ("172", -5.0),
    ("COERCE", "cyber"): ("176", -5.0),
    ("COERCE", "deport"): ("174", -5.0),
    ("COERCE", "coup"): ("170", -7.0),
    ("MOBILIZE", "troops"): ("154", -7.2),
    ("MOBILIZE", "naval"): ("155", -7.2),
    ("MOBILIZE", "weapons-test"): ("150", -7.2),
    ("MOBILIZE", "exercise"): ("150", -7.2),
    ("MOBILIZE", "alert"): ("153", -7.2),
    ("MOBILIZE", "nuclear"): ("155", -7.2),
    ("MOBILIZE", "border-violation"): ("150", -7.2),
    ("MOBILIZE", "militia"): ("154", -7.2),
    ("THREATEN", "violence"): ("138", -7.0),
    ("THREATEN", "war-declaration"): ("138", -7.0),
    ("THREATEN", "nuclear"): ("1384", -7.0),
    ("THREATEN", "blockade"): ("1382", -7.0),
    ("THREATEN", "sanction"): ("1312", -5.8),
    ("THREATEN", "ultimatum"): ("139", -7.0),
    ("SANCTION", "expel"): ("166", -7.0),
    ("SANCTION", "break-relations"): ("161", -4.0),
    ("SANCTION", "recall"): ("161", -4.0),
    ("SANCTION", "sanction"): ("163", -8.0),
    ("SANCTION", "withdraw"): ("164", -7.0),
    ("SANCTION", "suspend-aid"): ("162", -5.6),
    ("PROTEST", "riot"): ("145", -7.5),
    ("RETREAT", "ceasefire"): ("0871", 9.0),
    ("RETREAT", "withdraw"): ("0874", 9.0),
    ("RETREAT", "release"): ("0841", 7.0),
    ("RETREAT", "return"): ("050", 3.5),
    ("RETREAT", "disarm"): ("0873", 9.0),
    ("RETREAT", "access"): ("0863", 9.0),
    ("RETREAT", "resign"): ("083", 5.0),
    ("AGREE", None): ("057", 8.0),
}
_ROOT: dict[str, tuple[str, float]] = {
    "ASSAULT": ("18", -9.0),
    "COERCE": ("17", -7.0),
    "MOBILIZE": ("15", -7.2),
    "THREATEN": ("13", -4.4),
    "SANCTION": ("16", -4.0),
    "PROTEST": ("14", -6.5),
    "RETREAT": ("08", 5.0),
    "AGREE": ("05", 3.5),
}
_DISPLAY = word_class("crosswalk.display")
_FORCE = word_class("crosswalk.force")


def cameo_of(event_type: str, mode: str | None) -> tuple[str | None, float | None]:
    """The CAMEO code and Goldstein score; the root's where the mode has none of its own."""
    found = _CAMEO.get((event_type, mode)) or _ROOT.get(event_type)
    return found if found else (None, None)


def hostility_of(event_type: str, mode: str | None) -> int:
    """The MID hostility level: what kind of force, not how much."""
    if event_type in ("ASSAULT", "PROTEST"):
        return 4
    if event_type == "COERCE":
        return 4 if mode in ("blockade", "seize", "coup") else 3 if mode in _FORCE else 2
    if event_type == "MOBILIZE":
        return 3
    if event_type == "THREATEN":
        return 4 if mode == "war-declaration" else 2
    return 2 if event_type == "SANCTION" else 1


def modes_of(event_type: str) -> frozenset[str]:
    """The modes that a type knows."""
    return frozenset(mode for kind, mode in _CAMEO if kind == event_type and mode)
