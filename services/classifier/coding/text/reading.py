"""What the reader's parts hand to each other and to the judge: words, sentences, mentions, frames.

Positions of words are indexes into ``Sentence.words``; positions of characters are code points in
``Article.text``, so that evidence can always be cut out of the article again.
"""

from dataclasses import dataclass, field
from datetime import date

from services.classifier.coding.lexicon import Weapon
from shared.contracts import Actor, Count, Event, Place, TextPart


@dataclass(frozen=True, slots=True)
class Word:
    """One word: as printed, as compared, and where it stands; ``glued`` when a hyphen ties it to the last."""

    text: str
    norm: str
    start: int
    end: int
    glued: bool
    possessive: bool
    quoted: bool

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[:1].isupper()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of one part of an article, with its words."""

    part: TextPart
    number: int
    start: int
    end: int
    text: str
    words: tuple[Word, ...]
    norms: tuple[str, ...]

    @property
    def title_case(self) -> bool:
        """Whether most words begin with a capital: then a capital proves nothing."""
        return sum(word.capital for word in self.words) > 0.6 * len(self.words)

    def span(self, first: int, last: int) -> "Span":
        """The characters from word ``first`` up to but not including word ``last``."""
        begin = self.words[first].start
        end = self.words[last - 1].end
        return Span(begin, end, self.text[begin - self.start : end - self.start])


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of the article, and the same as text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase that names an actor, at words ``first`` up to ``last``.

    ``kind`` is the lexicon's (``state``, ``people``, ``group``, ``head`` ...), ``role`` of its head noun.
    ``adjective`` marks a bare demonym that may modify a deed (*an Israeli airstrike*).
    """

    first: int
    last: int
    head: int
    actor: Actor
    kind: str
    role: str
    span: Span
    adjective: bool = False
    unknown: bool = False
    number: Count | None = None

    @property
    def armed(self) -> bool:
        """Whether this side bears arms by its nature."""
        return self.role == "armed" or self.actor.sector in ("MIL", "REB", "CRM")

    @property
    def official(self) -> bool:
        """Whether this side is a state, its organ or an international organisation."""
        return self.kind in ("state", "organ", "igo", "capital") or self.role == "state"


@dataclass(frozen=True, slots=True)
class Located:
    """A place as found, with its words."""

    first: int
    last: int
    place: Place
    span: Span
    rank: int
    """0 exact or city, 1 region, 2 country, 3 sea."""


@dataclass(frozen=True, slots=True)
class When:
    """A day as found: ``printed`` when the text names it rather than pointing (*today*)."""

    first: int
    last: int
    day: date
    precision: int
    printed: bool
    span: Span
    same_day: bool = False
    """*Earlier in the day*: the day of whatever else the sentence reports."""
    counted: bool = False
    """*Four days after the raid*: the day of the deed that follows, and of no other."""


@dataclass(frozen=True, slots=True)
class Toll:
    """A count of people that something befell."""

    field: str
    count: Count
    span: Span
    first: int
    last: int
    victims: Mention | None = None
    cue: int = -1
    """The harm word that governs it."""
    rising: bool = False
    """A death toll that is said to rise or to stand: it replaces other numbers."""


@dataclass(slots=True)
class Frame:
    """One candidate: a deed read from one place in one sentence."""

    sentence: Sentence
    first: int
    last: int
    event_type: str
    mode: str | None
    strength: float
    verb: bool
    needs: frozenset[str]
    span: Span
    actors: list[Mention] = field(default_factory=list)
    recipients: list[Mention] = field(default_factory=list)
    status: str = "actual"
    why: str = ""
    """What lowered or raised it, for the reason."""
    background: bool = False
    cause: bool = False
    """It is what another deed answers."""
    answers: str = ""
    hangs_on: "Frame | None" = None
    """The deed whose relative clause tells this one (*an attack that wounded three*)."""
    denied: Mention | None = None
    """Who denies to have had a part in it."""
    definite: bool = False
    """*The attack*: it points back at a deed already told."""
    plural: bool = False
    passive: bool = False
    agent: bool = False
    """Its actor is told by *by*: nothing else can be meant."""
    incoming: bool = False
    """An attack told by its being shot down: its sender acts, whoever the sentence begins with."""
    told: bool = False
    """A noun with its own verb (*shells landed*, *a grenade was thrown*): a statement, not a mere name."""


@dataclass(slots=True)
class Reading:
    """Everything read from one sentence."""

    sentence: Sentence
    mentions: list[Mention]
    located: list[Located] = field(default_factory=list)
    whens: list[When] = field(default_factory=list)
    tolls: list[Toll] = field(default_factory=list)
    weapons: list[tuple[int, Span, Weapon]] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    recent: list[int] = field(default_factory=list)
    """Where days of the last week are named."""
    clock: When | None = None
    """The day that a mere hour stands for: *at noon*."""
    means: bool = False
    """Its weapon was taken for the deed of the sentence before."""


@dataclass(slots=True)
class Draft:
    """An event being put together from one or more frames; ``event`` is filled at the end."""

    frames: list[Frame]
    event_type: str
    mode: str | None
    status: str
    strength: float
    actors: list[Mention] = field(default_factory=list)
    recipients: list[Mention] = field(default_factory=list)
    located: Located | None = None
    ground: Mention | None = None
    """Whose base it was that foreign troops were hit on."""
    when: When | None = None
    tolls: list[Toll] = field(default_factory=list)
    weapon: tuple[Span, str] | None = None
    responds: tuple[Span, Span] | None = None
    answers: "Draft | None" = None
    claimed_by: str | None = None
    denied_by: list[str] = field(default_factory=list)
    attributed_by: str | None = None
    claim_spans: list[tuple[str, Span]] = field(default_factory=list)
    event: Event | None = None
    settled: bool = False
    """Whether kind, sides, scene and cost have been voted on: then nothing is added to them by rule."""
    ruled: bool = False
    """Whether the codebook ruled on its kind: then its frames are not asked for a mode again."""
    land: str | None = None
    """The country that was voted for where no place in it is named, and the words that name it."""
    land_span: Span | None = None

    @property
    def order(self) -> tuple[int, int]:
        """Where it is first told."""
        frame = self.frames[0]
        return frame.sentence.number, frame.first
