"""Place, day, tolls and weapon for each draft, from the sentences that tell it.

Each belongs to the deed that stands nearest, by rules that know how reports are built: places follow their
deeds, weapons stand right before them or after *with*, tolls belong to the harm word that governs them.
"""

from collections.abc import Sequence

from services.classifier.coding.judge import Reading
from services.classifier.coding.lexicon import Weapon, word_class
from services.classifier.coding.merge import ANSWERING
from services.classifier.coding.reading import Draft, Frame, Located, Span, Toll
from services.classifier.coding.status import date_of
from shared.contracts import Count

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
            _aftermath(draft, drafts, readings, reading)
            continue
        others = [
            d
            for d in drafts
            if d is not draft and any(f.sentence.number == reading.sentence.number for f in d.frames)
        ]
        mine = [f for f in draft.frames if f.sentence.number == reading.sentence.number]
        _take_place(draft, mine, others, reading)
        _take_day(draft, mine, reading)
        _take_tolls(draft, mine, others, reading)
        _take_weapon(draft, mine, others, reading)


def _nearest(draft_frames: Sequence[Frame], others: Sequence[Draft], sentence: int, position: int) -> bool:
    """Whether a word at ``position`` stands nearer to one of these frames than to another event's."""
    ours = min(abs(f.first - position) for f in draft_frames)
    theirs = min(
        (abs(f.first - position) for d in others for f in d.frames if f.sentence.number == sentence),
        default=999,
    )
    return ours <= theirs


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


def _take_day(draft: Draft, mine: Sequence[Frame], reading: Reading) -> None:
    for frame in mine:
        when = date_of(frame, reading.whens)
        if (
            when is None
            and len(reading.whens) == 1
            and not frame.cause
            and reading.sentence.norms[max(0, reading.whens[0].first - 1)]
            not in ("since", "until", "from", "by")
        ):
            when = reading.whens[0]
        if when is None:
            continue
        if draft.when is None or (when.printed and not draft.when.printed and not when.same_day):
            draft.when = when


def _take_tolls(draft: Draft, mine: Sequence[Frame], others: Sequence[Draft], reading: Reading) -> None:
    for toll in reading.tolls:
        if toll.field in ("arrested", "abducted") and draft.event_type not in ("COERCE", "ASSAULT"):
            continue
        owner = next((f for f in reading.frames if f.first <= toll.cue < f.last), None)
        if owner is not None and owner.status in ("historical", "hypothetical", "negated"):
            continue
        if owner is not None and owner in (f for d in others for f in d.frames):
            continue
        if (
            owner not in mine
            and not _attached(draft, toll, mine)
            and not _nearest(mine, others, reading.sentence.number, toll.first)
        ):
            continue
        if (
            others
            and not _attached(draft, toll, mine)
            and any(
                _attached(d, toll, [f for f in d.frames if f.sentence.number == reading.sentence.number])
                for d in others
            )
        ):
            continue
        _add(
            draft,
            toll,
            "also" in reading.sentence.norms,
            draft.frames[0].sentence.number != reading.sentence.number,
        )


def _attached(draft: Draft, toll: Toll, frames: Sequence[Frame]) -> bool:
    """Whether the toll's victims are this event's recipients."""
    return bool(toll.victims) and any(toll.victims in f.recipients for f in frames)


def _aftermath(draft: Draft, drafts: Sequence[Draft], readings: Sequence[Reading], reading: Reading) -> None:
    """A sentence that tells no deed (*Six others were wounded*) belongs to the last one told."""
    before = [d for d in drafts if d.order[0] < reading.sentence.number]
    _means(draft, before, reading)
    if (
        not reading.tolls
        or not before
        or any(f.strength >= 0.5 and f.status != "actual" for f in reading.frames)
    ):
        return
    if any(f.sentence.number == reading.sentence.number for d in drafts for f in d.frames):
        return
    last = max(
        before,
        key=lambda d: max(f.sentence.number for f in d.frames if f.sentence.number < reading.sentence.number),
    )
    near = reading.sentence.number - max(
        f.sentence.number for f in last.frames if f.sentence.number < reading.sentence.number
    )
    background = any(f.status == "historical" for f in reading.frames) or "since" in reading.sentence.norms
    if (
        last is not draft
        or near > 2
        or background
        or any(w.precision > 1 or w.printed for w in reading.whens)
    ):
        return
    for toll in reading.tolls:
        _add(draft, toll, "also" in reading.sentence.norms, True)


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


def _add(draft: Draft, toll: Toll, also: bool, later: bool) -> None:
    same = next((t for t in draft.tolls if t.field == toll.field), None)
    if same is None or toll.rising:
        if same:
            draft.tolls.remove(same)
        draft.tolls.append(toll)
        return
    if same.rising or same.span.start == toll.span.start:
        return
    attackers = bool(toll.victims) and (toll.victims.unknown or toll.victims.role == "armed" or also)  # type: ignore[union-attr]
    if (
        not later
        or (also and attackers)
        or (
            attackers
            and same.victims is not None
            and same.victims.role != "armed"
            and toll.count.low != same.count.low
            and toll.field == "killed"
        )
    ):
        total = Count(low=same.count.low + toll.count.low, high=same.count.high + toll.count.high)
        draft.tolls[draft.tolls.index(same)] = Toll(
            same.field, total, same.span, same.first, same.last, same.victims, same.cue, same.rising
        )


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
