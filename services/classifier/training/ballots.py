"""The votes' weights, fitted on what models that had not seen an item thought of it (out of fold).

Each ballot is a logistic regression over the features that the coder itself computes, so that what is fitted
is what will be asked.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sklearn.linear_model import LogisticRegression

from services.classifier.coding import Coder
from services.classifier.coding.events.fill import finish
from services.classifier.coding.lexicon import normal
from services.classifier.coding.opinion import Opinion
from services.classifier.coding.second.case import Hearing
from services.classifier.coding.second.costs import FIELDS, toll_features
from services.classifier.coding.second.costs import candidates as costs
from services.classifier.coding.second.ringing import relevance_features
from services.classifier.coding.second.scene import land_features, lands, place_features
from services.classifier.coding.second.sides import candidates, side_features
from services.classifier.coding.second.votes import BALLOTS
from services.classifier.coding.second.weighing import meant_draft, of_role, voted_kind
from services.classifier.coding.text.reading import Located
from services.classifier.quality.answers import kilometres
from services.classifier.quality.codings import article_of
from services.classifier.quality.gold import GoldEvent, GoldItem, GoldSide
from services.classifier.quality.scoring import NEAR_KM
from services.classifier.quality.sides import meanings
from services.classifier.voting import Features

Ballot = tuple[Features, bool, float]
"""Features, whether the labels say yes, and how much it counts."""
_BORDERLINE = 0.3
_SMOOTHING = 0.5
_SEEN = 0.25
"""What an item counts whose faults were read while the rules were written: there they are too good."""
_READ_FILES = ("read-a", "read-b", "read-c")


def was_read(id_: str) -> bool:
    """Whether the rules were mended on this item: half of the portal's, and the corpus's first files."""
    portal = id_.startswith("wcep") and int(hashlib.md5(id_.encode()).hexdigest(), 16) % 2 == 0  # noqa: S324
    return portal or id_.startswith(_READ_FILES)


@dataclass(slots=True)
class Ballots:
    """What was cast for each vote."""

    cast: dict[str, list[Ballot]] = field(default_factory=lambda: {name: [] for name in BALLOTS})

    def add(self, item: GoldItem, opinion: Opinion, coder: Coder) -> None:
        """Cast an item's ballots: whether it rings, and for an escalation what fills its main event."""
        case = coder.case(article_of(item))
        seen = _SEEN if was_read(item.id) else 1.0
        weight = seen * (_BORDERLINE if item.borderline else 1.0)
        ringing = relevance_features(opinion, case)
        self.cast["relevance"].append((ringing, item.escalation, weight))
        if item.main is None or not item.escalation or item.borderline:
            return
        draft = meant_draft(case, opinion)
        if draft is None:
            return
        ruled = finish(draft, case.readings, case.context, True, case.lexicon)
        own = ruled.place.country if ruled.place else None
        hearing = Hearing(case, draft, opinion, own)
        draft.event_type, draft.mode = voted_kind(hearing, ruled)
        land = item.main.country or own
        for name, cast in (
            ("actor", _sides("actor", item.main.actors, land, hearing)),
            ("recipient", _sides("recipient", item.main.recipients, land, hearing)),
            ("country", _lands(item.main, hearing)),
            ("place", _places(item.main, hearing)),
            *((toll, _tolls(toll, item.main, hearing)) for toll in FIELDS),
        ):
            self.cast[name] += [(features, meant, seen) for features, meant in cast]

    def fitted(self) -> Mapping[str, Mapping[str, object]]:
        """The weights of each vote, in the form that ``votes_of`` reads."""
        return {name: _fit(ballots) for name, ballots in self.cast.items()}


def _sides(
    role: str, gold: Sequence[GoldSide], land: str | None, hearing: Hearing
) -> Iterator[tuple[Features, bool]]:
    wanted = frozenset().union(*map(meanings, gold)) if gold else frozenset()
    whose = of_role(role, land, hearing)
    for one in candidates(hearing, whose, land, role):
        named = [whose(mention) for _, mention in one.mentions] or [one.actor]
        meant = any(wanted & meanings(actor) for actor in named)
        yield side_features(one, role, hearing), meant


def _lands(event: GoldEvent, hearing: Hearing) -> Iterator[tuple[Features, bool]]:
    for land in lands(hearing):
        yield land_features(land, hearing), land.code == event.country


def _places(event: GoldEvent, hearing: Hearing) -> Iterator[tuple[Features, bool]]:
    if event.place is None:
        return
    for number, located in hearing.located:
        if located.place.country == event.country:
            yield place_features(number, located, hearing), _is_place(located, event)


def _tolls(name: str, event: GoldEvent, hearing: Hearing) -> Iterator[tuple[Features, bool]]:
    stated = getattr(event, name)
    for each in costs(name, hearing):
        meant = stated is not None and (each.toll.count.low, each.toll.count.high) == stated
        yield toll_features(name, each, hearing), meant


def _is_place(located: Located, event: GoldEvent) -> bool:
    place = located.place
    if event.lat is not None and event.lon is not None and place.lat is not None and place.lon is not None:
        return kilometres((place.lat, place.lon), (event.lat, event.lon)) <= NEAR_KM
    return normal(place.name) == normal(event.place or "")


def _fit(ballots: Sequence[Ballot]) -> dict[str, object]:
    names = sorted({name for features, _, _ in ballots for name in features})
    table = [[features.get(name, 0.0) for name in names] for features, _, _ in ballots]
    model = LogisticRegression(C=_SMOOTHING, max_iter=2000)
    model.fit(table, [said for _, said, _ in ballots], sample_weight=[weight for _, _, weight in ballots])
    weights = {name: round(float(value), 4) for name, value in zip(names, model.coef_[0], strict=True)}
    return {"bias": round(float(model.intercept_[0]), 4), "weights": weights}


def cast(items: Iterable[tuple[GoldItem, Opinion]], coder: Coder) -> Ballots:
    """The ballots of all items."""
    ballots = Ballots()
    for item, opinion in items:
        ballots.add(item, opinion, coder)
    return ballots
