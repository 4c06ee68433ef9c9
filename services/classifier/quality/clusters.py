"""How well items were joined: pairs, B-cubed, how often each incident opened, what rang on noise.

Pair F1 asks of every two items whether they were put together as they should be; B-cubed (Bagga and Baldwin
1998) asks of every item how pure and how whole its company is. An item without an incident stands alone.
Both look at where items stand in the end: what was merged later counts as merged. Bells rang when they rang.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from services.classifier.quality.streams import Placed


@dataclass(frozen=True, slots=True)
class Joined:
    """The scores of a stream; shares are 0 to 1, ``of`` counts what could have been right."""

    items: int
    incidents: int
    pair: tuple[float, float, float]
    """Precision, recall and F1 of pairs."""
    b_cubed: tuple[float, float, float]
    opened_once: int
    """Incidents for which exactly one alert *opened* rang."""
    opened_often: int
    """Those for which three or more rang."""
    never_opened: tuple[str, ...]
    first_report: int
    """Incidents whose first report rang *opened*."""
    false_openings: tuple[str, ...]
    """Items of noise that rang *opened*."""
    answers_found: int
    answers: int
    """Stated answers whose two incidents were linked, and how many there are."""
    answers_invented: int


def score(placed: Sequence[Placed]) -> Joined:
    """All scores of a stream that was played to its end."""
    truth = [each.item.incident or _alone(each) for each in placed]
    told = _at_the_end(placed)
    openings = _openings(placed)
    firsts = _firsts(placed)
    named = set(firsts)
    linked, invented, wanted = _links(placed)
    return Joined(
        len(placed),
        len(named),
        _pairs(truth, told),
        _b_cubed(truth, told),
        sum(openings[name] == 1 for name in named),
        sum(openings[name] >= 3 for name in named),
        tuple(sorted(name for name in named if not openings[name])),
        sum(first.opened != () or "opened" in first.rang for first in firsts.values()),
        tuple(p.item.id for p in placed if p.item.incident is None and not _tells(p) and p.opened),
        linked,
        wanted,
        invented,
    )


def _at_the_end(placed: Sequence[Placed]) -> list[str]:
    """The incident in which each item stands once all is played: merges are followed, and so are splits."""
    stands: dict[str, str] = {}
    merged: dict[str, str] = {}
    for each in placed:
        if each.incident is not None:
            stands[each.item.id] = each.incident
        stands |= {item: incident for item, incident in each.standing if item in stands}
        merged |= dict(each.merged)
    found = []
    for each in placed:
        incident = stands.get(each.item.id)
        while incident in merged:
            incident = merged[incident]
        found.append(incident or _alone(each))
    return found


def _alone(placed: Placed) -> str:
    return f"alone {placed.item.id}"


def _tells(placed: Placed) -> bool:
    """Whether an item without an incident tells in passing of one that is known."""
    return any(event.incident for event in placed.item.events)


def _firsts(placed: Sequence[Placed]) -> dict[str, Placed]:
    found: dict[str, Placed] = {}
    for each in placed:
        if each.item.incident is not None:
            found.setdefault(each.item.incident, each)
    return found


def _openings(placed: Sequence[Placed]) -> Counter[str]:
    """How many *opened* alerts rang for each known incident."""
    truth = _meaning(placed)
    found: Counter[str] = Counter()
    for each in placed:
        for opened in each.opened:
            meant = truth.get(opened)
            if meant is not None:
                found[meant] += 1
    return found


def _meaning(placed: Sequence[Placed]) -> dict[str, str]:
    """The known incident that each of ours is: the one of most items whose main event it holds."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for each in placed:
        if each.incident is not None and each.item.incident is not None:
            votes[each.incident][each.item.incident] += 1
    return {ours: counted.most_common(1)[0][0] for ours, counted in votes.items()}


def _links(placed: Sequence[Placed]) -> tuple[int, int, int]:
    truth = _meaning(placed)
    wanted = {
        (event.incident, event.answers)
        for each in placed
        for event in each.item.events
        if event.incident and event.answers
    }
    told = {(truth.get(one), truth.get(other)) for each in placed for one, other in each.answers}
    known = {pair for pair in told if None not in pair}
    return len(wanted & known), len(known - wanted), len(wanted)


def _pairs(truth: Sequence[Hashable], told: Sequence[Hashable]) -> tuple[float, float, float]:
    both = _couples(Counter(zip(truth, told, strict=True)))
    return _f1(both, _couples(Counter(told)), _couples(Counter(truth)))


def _couples(sizes: Counter[tuple[Hashable, Hashable]] | Counter[Hashable]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def _b_cubed(truth: Sequence[Hashable], told: Sequence[Hashable]) -> tuple[float, float, float]:
    both = Counter(zip(truth, told, strict=True))
    sizes, ours = Counter(truth), Counter(told)
    if not truth:
        return 0.0, 0.0, 0.0
    precision = sum(both[t, o] / ours[o] for t, o in zip(truth, told, strict=True)) / len(truth)
    recall = sum(both[t, o] / sizes[t] for t, o in zip(truth, told, strict=True)) / len(truth)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _f1(both: int, told: int, wanted: int) -> tuple[float, float, float]:
    """Shares of what was told and of what was wanted; nothing wanted and nothing told is all right."""
    precision = both / told if told else 1.0
    recall = both / wanted if wanted else 1.0
    return precision, recall, 2 * both / (told + wanted) if told + wanted else 1.0
