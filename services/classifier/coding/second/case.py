"""What the rules made of an article, before the trained reader is heard."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from services.classifier.coding.deeds.judge import Reading
from services.classifier.coding.lexicon import Lexicon
from services.classifier.coding.naming.asides import is_aside
from services.classifier.coding.opinion import Opinion
from services.classifier.coding.second.hints import hinted_places
from services.classifier.coding.text.reading import Draft, Frame, Located, Mention


@dataclass(slots=True)
class Case:
    """The rules' reading; ``main`` and ``silence`` may change when an opinion has been heard."""

    readings: list[Reading]
    drafts: list[Draft]
    context: Counter[str]
    """How often each country is spoken of."""
    main: Draft | None
    silence: str
    """Why a deed that was found is not told, or nothing."""
    gate: float
    noise: Mapping[str, float]
    """How much each kind of noise (sport, trial, opinion ...) colours title and lead, 0 to 1."""
    lexicon: Lexicon

    @property
    def frames(self) -> list[Frame]:
        """Every deed that the rules saw, strong or weak."""
        return [frame for reading in self.readings for frame in reading.frames]


@dataclass
class Hearing:
    """One event on which the votes are cast: what the rules made of it and what the model thinks."""

    case: Case
    draft: Draft
    opinion: Opinion
    ruled_land: str | None
    """The country that the rules would say."""

    @property
    def readings(self) -> list[Reading]:
        """Every sentence with what it names."""
        return self.case.readings

    @cached_property
    def others(self) -> list[Draft]:
        """The article's other events: the model sees one text and may have meant one of them."""
        return [draft for draft in self.case.drafts if draft is not self.draft]

    @cached_property
    def told(self) -> set[int]:
        """The numbers of the sentences that tell the event."""
        return {frame.sentence.number for frame in self.draft.frames}

    @cached_property
    def foreign_sides(self) -> list[Mention]:
        """The sides of the other events that have no part in this one."""
        own = (*self.draft.actors, *self.draft.recipients)
        sides = [mention for draft in self.others for mention in (*draft.actors, *draft.recipients)]
        return [mention for mention in sides if not any(mention is one for one in own)]

    @cached_property
    def hints(self) -> list[tuple[int, Located]]:
        """The places that the model points at and the rules passed over, with their sentences."""
        case = self.case
        known = any(place.rank < 2 for reading in case.readings for place in reading.located)
        return [
            (reading.sentence.number, place)
            for reading in case.readings
            for place in hinted_places(self.opinion, reading, case.context, case.lexicon)
            if not (known and is_aside(reading.sentence, place))
        ]

    @cached_property
    def located(self) -> list[tuple[int, Located]]:
        """Every place that may be the scene, with the number of its sentence; the rules' own come first."""
        own = [(r.sentence.number, place) for r in self.case.readings for place in r.located]
        return [*own, *self.hints]

    def said(self, role: str, sentence: int, first: int, last: int) -> float | None:
        """The greatest probability of a role among these words; None where the model read none of them."""
        return self.opinion.role(role, sentence, first, last)
