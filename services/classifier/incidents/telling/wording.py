"""What happened, in one sentence that a person reads at a glance, composed from the coded fields."""

from shared.contracts import Actor, Casualties, Count, Event, Figure, Figures, Place, Precision, Sector

_ACTS = {
    "airstrike": ("airstrike", "on"),
    "drone": ("drone attack", "on"),
    "missile": ("missile strike", "on"),
    "artillery": ("shelling", "of"),
    "clash": ("armed clash", "with"),
    "firearms": ("gun attack", "on"),
    "explosives": ("bombing", "of"),
    "suicide-attack": ("suicide attack", "on"),
    "assassination": ("assassination", "of"),
    "abduct": ("abduction", "of"),
    "massacre": ("massacre", "of"),
    "destroy": ("destruction", "against"),
    "ground-offensive": ("ground offensive", "against"),
    "naval": ("attack at sea", "on"),
    "unconventional": ("attack with unconventional weapons", "on"),
    "crowd-control": ("force against a crowd", "of"),
    "intercept": ("interception", "against"),
    "blockade": ("blockade", "against"),
    "seize": ("seizure", "from"),
    "arrest": ("arrests", "against"),
    "martial-law": ("martial law", "against"),
    "curfew": ("curfew", "against"),
    "restrict": ("restrictions", "on"),
    "cyber": ("cyber attack", "on"),
    "deport": ("deportation", "against"),
    "coup": ("coup", "against"),
    "troops": ("troop deployment", "against"),
    "weapons-test": ("weapons test", "aimed at"),
    "exercise": ("military exercise", "aimed at"),
    "alert": ("military alert", "against"),
    "nuclear": ("nuclear posture", "against"),
    "border-violation": ("border violation", "against"),
    "militia": ("militia mobilisation", "against"),
    "violence": ("threat of force", "against"),
    "war-declaration": ("declaration of war", "on"),
    "ultimatum": ("ultimatum", "to"),
    "sanction": ("sanctions", "on"),
    "expel": ("expulsion of diplomats", "of"),
    "break-relations": ("break of relations", "with"),
    "recall": ("recall of the ambassador", "to"),
    "withdraw": ("withdrawal", "against"),
    "suspend-aid": ("suspension of aid", "to"),
    "riot": ("riot", "against"),
}
"""Each mode's act, and the word that leads from it to whom it hit."""
_OF_TYPE = {
    ("MOBILIZE", "naval"): ("naval deployment", "against"),
    ("THREATEN", "nuclear"): ("nuclear threat", "against"),
    ("THREATEN", "blockade"): ("threat of a blockade", "against"),
    ("THREATEN", "sanction"): ("threat of sanctions", "against"),
}
"""Modes that mean another thing in one type."""
_TYPES = {"ASSAULT": ("attack", "on"), "MOBILIZE": ("mobilisation", "against")}
_COARSE = {"COERCE": "coercion", "THREATEN": "threat", "SANCTION": "sanction"}
_FIRED = {"rocket": "rocket attack", "mortar": "mortar attack"}
"""What shelling is called after the round that the text names."""
_WITH_ARTICLE = (
    "United ",
    "Strait of ",
    "Gulf of ",
    "Democratic Republic",
    "Republic of ",
    "State of ",
)
_ARTICLE_BY_LAST = (" Republic", " Sea", " Gulf", " Islands", " Strait", " Strip")
_ARTICLE = {
    "Netherlands",
    "Philippines",
    "Maldives",
    "Bahamas",
    "Gambia",
    "Comoros",
    "Seychelles",
    "Caribbean",
}
_ARMS = {"MIL": "forces", "COP": "police"}
_COSTS = (
    ("killed", "killed"),
    ("injured", "injured"),
    ("missing", "missing"),
    ("abducted", "abducted"),
    ("arrested", "arrested"),
)
_NOBODY = Figures()


def sentence(event: Event, figures: Figures = _NOBODY) -> str:
    """For example ``United States: airstrike on Kataeb Hezbollah in Iraq, 25 Dec 2023; 3 injured.``

    With an incident's ``figures`` it tells who gives each count, and what others tell beside it.
    """
    act, leading = _act(event)
    # *Unknown attackers* is who no word names: the act alone says as much.
    doers = [actor.name for actor in event.actors if _is_named(actor)]
    text = f"{_listed(doers)}: {act}" if doers else act
    if event.recipients:
        rulers = event.mode == "coup"
        text += f" {leading} {_listed([_hit(recipient, rulers) for recipient in event.recipients])}"
    if event.place and not _is_said(event.place, event):
        text += f" {_where(event.place)}"
    if event.occurred_on:
        text += f", {event.occurred_on.day} {event.occurred_on:%b %Y}"
    cost = told_costs(event.casualties, figures)
    text = f"{text[:1].upper()}{text[1:]}"
    return f"{text}; {cost}." if cost else f"{text}."


def act_of(event: Event) -> str:
    """The act in words: the mode's, else the type's."""
    return _act(event)[0]


def costs(casualties: Casualties) -> str:
    """``12 killed, 3-5 injured``; empty when nothing is stated."""
    stated = ((getattr(casualties, field), word) for field, word in _COSTS)
    return ", ".join(f"{number(count)} {word}" for count, word in stated if count is not None)


def told_costs(casualties: Casualties, figures: Figures) -> str:
    """``at least 12 killed (health ministry; 9 to 14 told), 3 injured``; an outlet's own count names nobody.

    Who gives several counts in a row is named once, behind the last of them.
    """
    stated = [(field, word, getattr(casualties, field)) for field, word in _COSTS]
    parts = [
        (_counted(count, word, getattr(figures, field)), _note(getattr(figures, field)))
        for field, word, count in stated
        if count is not None
    ]
    notes = [*(note for _, note in parts), ""]
    return ", ".join(
        f"{text} ({note})" if note and note != notes[number + 1] else text
        for number, (text, note) in enumerate(parts)
    )


def _counted(count: Count, word: str, figure: Figure | None) -> str:
    least = figure is not None and figure.at_least and count.low > 0
    return f"{'at least ' if least else ''}{number(count)} {word}"


def _note(figure: Figure | None) -> str:
    if figure is None:
        return ""
    who = "" if figure.by_outlet and not figure.claim else figure.said_by
    who = f"by the count of {who}" if who and figure.claim else who
    beside = f"{figure.told.low} to {figure.told.high} told" if figure.told else ""
    return "; ".join(filter(None, (who, beside)))


def number(count: Count) -> str:
    """``3`` or ``3-5``."""
    return str(count.low) if count.low == count.high else f"{count.low}-{count.high}"


def _act(event: Event) -> tuple[str, str]:
    kind, mode = str(event.event_type), event.mode or ""
    if mode == "artillery":
        fired = next((act for word, act in _FIRED.items() if word in (event.weapon or "").casefold()), None)
        return (fired, "on") if fired else _ACTS[mode]
    coarse = _TYPES.get(kind, (_COARSE.get(kind, kind.lower()), "against"))
    return _OF_TYPE.get((kind, mode)) or _ACTS.get(mode, coarse)


def _hit(actor: Actor, rulers: bool) -> str:
    """Troops are not their country: *forces of the United States*, where a strike hit its soldiers abroad."""
    name = _the(actor.name)
    if actor.country is None or actor.name[:1].islower():
        return name
    if rulers and actor.sector == Sector.GOVERNMENT:
        return f"the government of {name}"
    arms = _ARMS.get(str(actor.sector))
    # A general who was hit is printed under his own name; soldiers are not printed under their country's.
    printed_so = actor.text.casefold().endswith(actor.name.casefold()) and actor.text != ""
    return f"{arms} of {name}" if arms and not printed_so else name


def _is_said(place: Place, event: Event) -> bool:
    """Whether the place is a country that is named as a side already."""
    sides = {actor.name for actor in (*event.actors, *event.recipients) if _is_named(actor)}
    return place.precision == Precision.COUNTRY and place.name in sides


def _is_named(actor: Actor) -> bool:
    """Whether it is said who: a government that takes a measure is known, though no word names it."""
    return bool(actor.text) or actor.sector != Sector.UNKNOWN


def _where(place: Place) -> str:
    return f"{'at' if place.precision == Precision.EXACT else 'in'} {_the(place.name)}"


def _the(name: str) -> str:
    """A name with the article that English gives it: *the United States*, *the Strait of Hormuz*."""
    takes = name in _ARTICLE or name.startswith(_WITH_ARTICLE) or name.endswith(_ARTICLE_BY_LAST)
    return f"the {name}" if takes else name


def _listed(names: list[str]) -> str:
    unique = list(dict.fromkeys(names))
    if len(unique) > 3:
        return f"{', '.join(unique[:3])} and {len(unique) - 3} more"
    return " and ".join([", ".join(unique[:-1]), unique[-1]]) if len(unique) > 1 else unique[0]
