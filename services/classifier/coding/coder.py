"""An article in, its coding out: the cascade of gate, reader and judge in order.

Pure: no network, no clock, no store. Dates resolve against ``article.published_at`` in the outlet's zone.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, tzinfo

from services.classifier.coding.days.clocks import clock_in
from services.classifier.coding.days.dates import (
    dates_in,
    is_old,
    tomorrow_has_begun,
    tomorrow_in_tokyo,
)
from services.classifier.coding.deeds import gate as gates
from services.classifier.coding.deeds.frames import frames_in
from services.classifier.coding.deeds.judge import Reading, is_total, weigh
from services.classifier.coding.deeds.linking import inherit, point_back
from services.classifier.coding.deeds.sides import Read
from services.classifier.coding.deeds.status import judge_status, only_threatened
from services.classifier.coding.events import meaning
from services.classifier.coding.events.causes import read_causes
from services.classifier.coding.events.choosing import kept_with, main_of, same_days, untold
from services.classifier.coding.events.claims import read_claims
from services.classifier.coding.events.coups import settle_coups
from services.classifier.coding.events.denials import mark_denied, only_denied
from services.classifier.coding.events.fill import finish
from services.classifier.coding.events.gather import gather
from services.classifier.coding.events.merge import drafts_of
from services.classifier.coding.events.severity import severity_of
from services.classifier.coding.events.tallies import tallies_in
from services.classifier.coding.events.words import describe, recollection, silence
from services.classifier.coding.lexicon import load
from services.classifier.coding.model import gatekeeper
from services.classifier.coding.model.trained import trained_opinion
from services.classifier.coding.naming.actors import actors_in, may_name
from services.classifier.coding.naming.asides import scenes_kept
from services.classifier.coding.naming.belonging import ours
from services.classifier.coding.naming.branches import branches
from services.classifier.coding.naming.namesakes import settled
from services.classifier.coding.naming.places import places_in
from services.classifier.coding.naming.weapons import weapons_in
from services.classifier.coding.opinion import Opinion, Opinions
from services.classifier.coding.second import votes
from services.classifier.coding.second.case import Case, Hearing
from services.classifier.coding.second.recalling import may_look_back, recalled
from services.classifier.coding.second.votes import Votes
from services.classifier.coding.second.weighing import hear, is_live, settle
from services.classifier.coding.text.language import not_english
from services.classifier.coding.text.reading import Draft, Frame, Sentence, Span
from services.classifier.coding.text.sentences import read
from services.classifier.coding.tolls.casualties import tolls_in
from shared.contracts import Article, Coding, Event, Response, Status

CODER_VERSION = "rules-8+reader-5"
"""Version of rules and models; it changes whenever the same text may be coded otherwise."""
ASKED = 0.2
"""Least share of the gate at which the trained reader is asked though the rules see no live deed."""


class Coder:
    """Reads articles. Loads the lexicon once a process; ``code`` never raises and keeps no state."""

    def __init__(
        self, opinions: Opinions | None = trained_opinion, votes: Votes | None = None, gate: bool = True
    ) -> None:
        """``opinions`` None is the rules alone, ``votes`` None those that ship; ``gate``: may it shut?"""
        self._lexicon = load()
        self._opinions = opinions
        self._votes = votes
        self._gatekeeper = gatekeeper.shipped() if opinions is not None and gate else None

    def code(self, article: Article, zone: tzinfo = UTC) -> Coding:
        """All events, tallies and the reason, for one revision of one article."""
        foreign = not_english(article)
        if foreign:
            return self._answer(article, False, 0.0, foreign, False).model_copy(update={"set_aside": True})
        published = article.published_at.astimezone(zone).date()
        sentences, cut = read(article)
        gate = gates.look(sentences, self._lexicon)
        words = self._gatekeeper.share(sentences) if self._gatekeeper else gate.score
        shut = self._gatekeeper is not None and words < self._gatekeeper.threshold
        if shut or not gate.passes:
            coding = self._answer(article, False, round(0.1 * words, 3), silence(gate, []), cut)
            if not gate.passes or not may_look_back(sentences, gate, published):
                return coding
            return self._looking_back(coding, self._case(article, sentences, gate, words, zone), published)
        case = self._case(article, sentences, gate, words, zone)
        opinion = self._asked(article, sentences, case)
        verdict = None
        if opinion is not None:
            verdict = hear(case, opinion, self._votes or votes.shipped())
        main, frames = case.main, case.frames
        drafts = kept_with(case.drafts, main)
        same_days(drafts, main)
        if main is not None and opinion is not None and verdict is not None and verdict.fills:
            ruled = finish(main, case.readings, case.context, True, case.lexicon)
            land = ruled.place.country if ruled.place else None
            settle(Hearing(case, main, opinion, land), ruled, self._votes or votes.shipped())
        events = _events(drafts, main, case.readings, case.context, self)
        tallies = tallies_in(case.readings)
        told = [event for event in events if event.main]
        escalation = bool(told) and told[0].escalates
        score = verdict.share if verdict else _score(main, gate, frames, escalation)
        score = max(0.5, score) if escalation else min(0.49, score)
        reason = describe(told[0]) if told else silence(gate, frames, case.silence)
        past = None if events else recalled(case, opinion, self._votes or votes.shipped(), published)
        if past is not None:
            events, reason = [past], f"{reason}; {recollection(past)}"
        if opinion is not None:
            events = [_meant(event, opinion) for event in events]
        if verdict is not None and told and escalation:
            reason += f"; {verdict.because}"
        counted = tuple(
            tally for tally, _ in tallies if not any(_is_toll(tally.count, event) for event in events)
        )
        coding = self._answer(article, escalation, score, reason, cut)
        severity = severity_of(told[0]) if told else None
        return coding.model_copy(update={"events": tuple(events), "tallies": counted, "severity": severity})

    def case(self, article: Article, zone: tzinfo = UTC) -> Case:
        """What the rules make of an article, whether its gate would open or not: for training."""
        sentences, _ = read(article)
        gate = gates.look(sentences, self._lexicon)
        words = self._gatekeeper.share(sentences) if self._gatekeeper else gate.score
        return self._case(article, sentences, gate, words, zone)

    def _looking_back(self, coding: Coding, case: Case, published: date) -> Coding:
        """What the gate kept out, with the deed that it looks back at, by the rules alone."""
        past = recalled(case, None, self._votes or votes.shipped(), published, kept_out=True)
        if past is None:
            return coding
        reason = f"{coding.reason}; {recollection(past)}"
        return coding.model_copy(update={"events": (past,), "reason": reason})

    def readings(self, article: Article) -> list[Reading]:
        """Everything that is named in each sentence."""
        return self.case(article).readings

    def _case(
        self, article: Article, sentences: Sequence[Sentence], gate: gates.Gate, words: float, zone: tzinfo
    ) -> Case:
        published = article.published_at.astimezone(zone).date()
        moment = article.published_at
        late = tomorrow_in_tokyo(moment) if zone is UTC else tomorrow_has_begun(moment, published)
        readings, context = self._read(sentences, published, late, gate)
        drafts = settle_coups(drafts_of(readings))
        for draft in drafts:
            gather(draft, drafts, readings)
        read_claims(drafts, readings, self._lexicon)
        read_causes(drafts, readings, self._lexicon)
        main, background = main_of(drafts, gates.lead_of(sentences), gates.is_digest(sentences)), ""
        if main is None and drafts:
            background = "it stands only deep in the text, as background"
            if any(only_denied(draft) for draft in drafts):
                background = "a denial is recorded with the event that it denies"
        elif main is not None and untold(main, sentences, self._lexicon):
            main, background = None, "the title has not a word of it"
        noise = {each.kind: each.weight for each in gate.noise}
        return Case(readings, drafts, context, main, background, words, noise, self._lexicon)

    def _asked(self, article: Article, sentences: Sequence[Sentence], case: Case) -> Opinion | None:
        """The trained reader's opinion, where its reading is worth the time."""
        if self._opinions is None or not (case.main or is_live(case) or case.gate >= ASKED):
            return None
        return self._opinions(article, sentences)

    def _read(
        self, sentences: Sequence[Sentence], published: date, late: bool, gate: gates.Gate
    ) -> tuple[list[Reading], Counter[str]]:
        lexicon = settled(sentences, self._lexicon)
        readings = [Reading(sentence, actors_in(sentence, lexicon)) for sentence in sentences]
        ours([(reading.sentence, reading.mentions) for reading in readings])
        branches([(reading.sentence, reading.mentions) for reading in readings])
        context: Counter[str] = Counter()
        for reading in readings:
            for first, _, agent in lexicon.agents.find(reading.sentence.norms):
                if agent.country and agent.kind != "head" and may_name(agent, reading.sentence, first):
                    context[agent.country] += 1
        for reading in readings:
            reading.located = places_in(reading.sentence, reading.mentions, context, lexicon)
            reading.mentions = [
                m
                for m in reading.mentions
                if not (
                    m.kind in ("capital", "state", "people")
                    and any(
                        p.first <= m.first and m.last <= p.last and p.last - p.first > m.last - m.first
                        for p in reading.located
                    )
                )
            ]
            for item in reading.located:
                if item.place.country and item.rank < 2:
                    context[item.place.country] += 2
        scenes_kept(readings)
        lands = [land for land, _ in context.most_common(3)]
        for reading in readings:
            sentence = reading.sentence
            reading.whens = dates_in(sentence, published, late)
            reading.clock = clock_in(sentence, published)
            reading.recent = [w.first for w in reading.whens if not is_old(w, published)]
            reading.tolls = tolls_in(sentence, reading.mentions)
            reading.weapons = weapons_in(sentence, lexicon)
            reading.frames = frames_in(Read(sentence, reading.mentions, reading.located), lexicon)
            for frame in reading.frames:
                judge_status(frame, reading.whens, published, lexicon)
            only_threatened(reading.frames)
            inherit(reading)
            weigh(reading, gate, lands, lexicon)
            mark_denied(reading.frames, reading.mentions)
            if is_total(reading):
                reading.tolls = []
        point_back(readings)
        return readings, context

    def _answer(self, article: Article, escalation: bool, score: float, reason: str, cut: bool) -> Coding:
        if cut:
            reason += "; the text was too long, only its beginning was read"
        return Coding(
            article_id=article.id,
            revision=article.revision,
            escalation=escalation,
            score=round(score, 3),
            reason=reason,
            coder=CODER_VERSION,
        )


def _events(
    drafts: Sequence[Draft],
    main: Draft | None,
    readings: Sequence[Reading],
    context: Counter[str],
    coder: Coder,
) -> list[Event]:
    ordinals = {id(draft): number for number, draft in enumerate(drafts)}
    events: list[Event] = []
    for draft in drafts:
        event = finish(draft, readings, context, draft is main, coder._lexicon)
        if draft.responds is not None:
            answered = ordinals.get(id(draft.answers)) if draft.answers is not None else None
            cue, words = draft.responds
            text = _answered_act(draft, words)
            event = event.model_copy(
                update={"responds_to": Response(cue=cue.text, text=text, event=answered)}
            )
        events.append(event)
    return events


def _meant(event: Event, opinion: Opinion) -> Event:
    """What the text is about goes with the event that it is about."""
    if not (event.main or event.recalled):
        return event
    reader = CODER_VERSION.partition("+")[2]
    return event.model_copy(update={"meaning": meaning.packed(opinion.meaning, reader)})


def _answered_act(draft: Draft, words: Span) -> str:
    """The words of the act that is answered: those after the cue, unless they tell the answer itself."""
    own = any(words.start <= frame.span.start < words.end for frame in draft.frames)
    if draft.answers is None or not own:
        return words.text
    return max((frame.span.text for frame in draft.answers.frames), key=len)


def _score(main: Draft | None, gate: gates.Gate, frames: Sequence[Frame], escalation: bool) -> float:
    """How sure of a yes: three parts the best frame, one part the gate; halves meet at the decision.

    A yes is 0.5 to 1, a no below 0.5, so that a threshold on the score and ``escalation`` agree.
    """
    if main is not None and escalation:
        return min(
            0.99, 0.5 + 0.5 * (0.75 * min(1.0, max(0.0, (main.strength - 0.4) / 0.6)) + 0.25 * gate.score)
        )
    best = max(
        (f.strength for f in frames if f.status == "actual" and f.event_type not in ("RETREAT", "AGREE")),
        default=0.0,
    )
    return min(0.49, 0.05 * gate.score + 0.55 * min(best, 0.8))


def _is_toll(count: int, event: Event) -> bool:
    killed = event.casualties.killed
    return killed is not None and killed.low == count and event.status == Status.ACTUAL
