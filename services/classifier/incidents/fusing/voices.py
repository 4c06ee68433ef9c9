"""Whose voice an article speaks with: its outlet's own, a wire's, a government's; and how that is known.

Reports of one voice confirm each other no more than copies do (docs/adr/0008). A voice is a short text that
is kept with the report: ``bbc.co.uk``, ``wire:reuters``, ``state:RUS``, ``movement:LBN:almanar.com.lb``.
"""

from dataclasses import dataclass

from services.classifier.incidents.fusing.credits import Credit, Credits
from shared.contracts import Article, Incident, Report
from shared.contracts.incident import MOVEMENT, STATE, UNNAMED_WIRE, WIRE
from shared.outlets import Kind, Outlet, Registry, Wire


@dataclass(frozen=True)
class Voice:
    """Whose report an article is. ``name`` is what its outlet is called, empty when unknown."""

    id: str = ""
    name: str = ""
    because: str = ""


class Voices:
    """Tells whose voice an article speaks with, by what a registry knows of outlets and wires."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._credits = Credits(registry)

    def of(self, article: Article) -> Voice:
        """The article's voice; a wire's where the text credits one, else its outlet's."""
        return self._of(article.outlet, article.url, article.title, article.summary, article.body)

    def with_old_reports(self, incident: Incident) -> Incident:
        """The incident with a voice for each report that an older release kept without one.

        Else an outlet's old and new reports would be two voices. The body is gone; what is left may do.
        """
        if all(report.voice for report in incident.reports):
            return incident
        reports = tuple(report if report.voice else self._voiced(report) for report in incident.reports)
        return incident.model_copy(update={"reports": reports})

    def _voiced(self, report: Report) -> Report:
        voice = self._of(report.outlet, report.url, report.title, report.summary)
        known = {"voice": voice.id, "voice_because": voice.because, "name": report.name or voice.name}
        return report.model_copy(update=known)

    def _of(self, domain: str, url: str, title: str, *texts: str) -> Voice:
        outlet = self._registry.at(url, domain)
        if outlet is not None and (outlet.speaks_for or outlet.kind == Kind.MOVEMENT_MEDIA):
            # Whatever it credits: to name a wire must not turn a side's own word into another's.
            return self._of_a_power(outlet)
        if outlet is not None and (wire := self._registry.wire_at(outlet)):
            # A wire signs its own reports, and what it quotes of others it vouches for.
            return self._of_wire(outlet.name, wire, f"is {outlet.name}")
        credit = self._credits.find(title, texts, outlet.carries if outlet else ())
        if credit is not None:
            return self._credited(outlet.name if outlet else "", credit)
        if outlet is None:
            return Voice(domain, "", "its own: an unknown outlet" if domain else "")
        if outlet.kind == Kind.DIGEST:
            return Voice(UNNAMED_WIRE, outlet.name, "a digest of others' reports")
        # One outlet may publish under several domains; the first of them stands for all.
        first = self._registry.find(outlet.name) or outlet
        return Voice(first.domain, outlet.name, "its own")

    def _credited(self, name: str, credit: Credit) -> Voice:
        if credit.wire is None:
            return Voice(UNNAMED_WIRE, name, f'credits agencies: "{credit.words}"')
        owner = self._registry.owner(credit.wire)
        called = owner.name if owner else credit.wire.id
        return self._of_wire(name, credit.wire, f'credits {called}: "{credit.words}"')

    def _of_wire(self, name: str, wire: Wire, because: str) -> Voice:
        owner = self._registry.owner(wire)
        if owner is not None and owner.speaks_for:
            country = owner.speaks_for
            return Voice(f"{STATE}:{country}", name, f"{because}, {owner.kind} of {country}")
        return Voice(f"{WIRE}:{wire.id}", name, because)

    def _of_a_power(self, outlet: Outlet) -> Voice:
        """Of a medium or feed that a government, a party or an armed movement speaks with."""
        if outlet.speaks_for:
            what = "a government's own feed" if outlet.kind == Kind.AGENCY else outlet.kind
            return Voice(f"{STATE}:{outlet.speaks_for}", outlet.name, f"{what} of {outlet.speaks_for}")
        voice = f"{MOVEMENT}:{outlet.country}:{outlet.domain}"
        return Voice(voice, outlet.name, f"{outlet.kind} of {outlet.country}")
