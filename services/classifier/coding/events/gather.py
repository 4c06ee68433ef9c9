"""Place, day, tolls and weapon for each draft, from the sentences that tell it.

Each belongs to the deed that stands nearest, by rules that know how reports are built: places follow their
deeds, weapons stand right before them or after *with*, tolls belong to the harm word that governs them.
"""

from collections.abc import Sequence

from services.classifier.coding.events.costs import take_aftermath, take_tolls
from services.classifier.coding.events.merge import ANSWERING
from services.classifier.coding.events.whichday import day_told_elsewhere, take_day
from services.classifier.coding.lexicon import Weapon, word_class
from services.classifier.coding.text.reading import Draft, Frame, Located, Reading, Span

_INSIDE = word_class("actors.inside")
_VENUE = word_class("gather.venue")
_USED = word_class("fill.used")
_KEPT = word_class("gather.kept")
_MOORED = word_class("gather.moored")


def gather(draft: Draft, drafts: Sequence[Draft], readings: Sequence[Reading]) -> None:
    """Collect place, day, tolls and weapon for a draft from the sentences that tell it."""
    own = {f.sentence.number: f for f in reversed(draft.frames)}
    for reading in readings:
        frame = own.get(reading.sentence.number)
        if frame is None:
            _means(draft, [d for d in drafts if d.order[0] < reading.sentence.number], reading)
            take_aftermath(draft, drafts, readings, reading)
            continue
        others = [
            d
            for d in drafts
            if d is not draft and any(f.sentence.number == reading.sentence.number for f in d.frames)
        ]
        mine = [f for f in draft.frames if f.sentence.number == reading.sentence.number]
        _take_place(draft, mine, others, reading)
        take_day(draft, mine, others, reading, readings)
        take_tolls(draft, mine, others, reading, readings)
        _take_weapon(draft, mine, others, reading)
    day_told_elsewhere(draft, drafts, readings)


def _take_place(draft: Draft, mine: Sequence[Frame], others: Sequence[Draft], reading: Reading) -> None:
    number = reading.sentence.number
    norms = reading.sentence.norms
    best: tuple[float, Located] | None = None
    for item in reading.located:
        before = norms[item.first - 1] if item.first else ""
        if any(
            m.first <= item.first < m.last for f in reading.frames for m in f.actors if m.kind == "capital"
        ):
            continue  # "Kyiv answers": a government, not the scene
        if draft.event_type not in ("RETREAT", "AGREE") and _VENUE & set(
            norms[max(0, item.first - 4) : item.first]
        ):
            continue  # "talks in Geneva": where they talk, not where it happened
        if any(f.first == item.last and not f.verb for f in reading.frames if f not in mine):
            continue  # "in retaliation for the Erbil attack": the scene of another deed
        if _speaks_for_a_state(reading, item, mine):
            continue
        rivals = [f for d in others for f in d.frames if f.sentence.number == number]
        if min(_cost(reading, f, item.first) for f in mine) > min(
            (_cost(reading, f, item.first) for f in rivals), default=999
        ):
            continue
        if before == "from" and item.rank == 2 and len(reading.located) > 1:
            continue
        distance = min(abs(f.first - item.first) for f in mine)
        barrier = (
            12
            if _barred(reading, min(mine, key=lambda f: abs(f.first - item.first)).first, item.first)
            else 0
        )
        led_away = draft.event_type == "COERCE" and (
            before in ("towards", "toward", "for", "into")
            or bool(_MOORED & set(norms[max(0, item.first - 6) : item.first]))
        )
        leaves = before in ("from", "to") or led_away
        if leaves and draft.event_type == "COERCE" and draft.located is not None:
            continue  # a ship led away was taken where it was told before
        origin = 15 if leaves and item.first > mine[0].first else 0
        score = {0: 0, 1: 7, 2: 16, 3: 9}[item.rank] + 0.35 * distance + barrier + origin
        if best is None or score < best[0]:
            best = (score, item)
    if best is None:
        return
    found = best[1]
    if draft.located is None or (found.rank < draft.located.rank and _within(found, draft.located)):
        draft.located = found


def _speaks_for_a_state(reading: Reading, item: Located, mine: Sequence[Frame]) -> bool:
    """*Baghdad counts the cost*, *Moscow's ally*: a government; *Baghdad blast* names the scene."""
    sentence = reading.sentence
    if not any(m.kind == "capital" and m.first <= item.first < m.last for m in reading.mentions):
        return False
    if sentence.words[item.last - 1].possessive and item.first:
        return sentence.norms[item.first - 1] not in _INSIDE
    if item.first or item.last >= len(sentence.words):
        return False
    verb = sentence.words[item.last]
    rules = verb.norm.isalpha() and verb.norm.endswith("s") and not verb.capital
    return rules and all(f.first - item.last > 2 for f in mine)


def _cost(reading: Reading, frame: Frame, position: int) -> int:
    """How far a place is from a deed: places follow deeds, and seldom cross *after* or *in response to*."""
    return _reach(frame, position) + (15 if _barred(reading, frame.first, position) else 0)


def _within(finer: Located, coarser: Located) -> bool:
    return (
        finer.place.country is None
        or coarser.place.country is None
        or finer.place.country == coarser.place.country
    )


def _barred(reading: Reading, one: int, other: int) -> bool:
    low, high = sorted((one, other))
    return any(
        w in (";", "while", "after", "following", "since", "amid", "response", "retaliation", "reprisal")
        or w in ANSWERING
        for w in reading.sentence.norms[low:high]
    )


def _means(draft: Draft, before: Sequence[Draft], reading: Reading) -> None:
    """*It was carried out with a one-way attack drone on Monday*: means and day of what was just told."""
    norms = reading.sentence.norms
    told = [d for d in before if any(f.sentence.number == reading.sentence.number - 1 for f in d.frames)]
    if not told or told[-1] is not draft or norms[0] not in ("it", "they", "the", "that"):
        return
    if any(f.strength >= 0.5 for f in reading.frames):
        return
    days = [w for w in reading.whens if w.first in reading.recent and w.printed]
    if draft.when is None and len(days) == 1 and norms[0] == "it":
        draft.when = days[0]
    if not reading.weapons or not _USED & set(norms):
        return
    span, weapon = reading.weapons[0][1:]
    if draft.weapon is None or _finer(span, weapon, draft.weapon):
        draft.weapon = (span, weapon.kind)
        reading.means = True


def _take_weapon(draft: Draft, mine: Sequence[Frame], others: Sequence[Draft], reading: Reading) -> None:
    for position, span, weapon in reading.weapons:
        ours = min(_reach(f, position) for f in mine)
        theirs = min((_reach(f, position) for f in reading.frames if f not in mine), default=999)
        if ours > theirs or (others and ours > 20):
            continue
        if _KEPT & set(reading.sentence.norms[max(0, position - 5) : position]):
            continue  # "a site used to store drones": arms that were there, not those that hit it
        if weapon.kind != "unspecified" and any(f.verb and f.first == position for f in reading.frames):
            continue  # "the US bombs a depot": the deed, not a bomb
        if draft.weapon is None or _finer(span, weapon, draft.weapon):
            draft.weapon = (span, weapon.kind)


def _reach(frame: Frame, position: int) -> int:
    """Distance from deed to weapon; a weapon told before its deed stands right before it (*drone attack*)."""
    return position - frame.first if position >= frame.first else 2 * (frame.first - position)


def _finer(span: Span, weapon: Weapon, old: tuple[Span, str]) -> bool:
    if old[1] == "unspecified":
        return weapon.kind != "unspecified" or len(span.text) > len(old[0].text)
    return weapon.kind == old[1] and len(span.text.split()) > len(old[0].text.split())
