"""A short script of our own for the demo's rooms, so that their stories do not hang on the sample's."""

from datetime import UTC, datetime, timedelta

from services.cli.demo.script import Item, Script
from shared.contracts import Alert, AlertKind, Reason, Severity, SeverityTerm, Tier
from shared.outlets import Kind, Outlet

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def outlet(name: str) -> Outlet:
    domain = f"{name.lower()}.example"
    return Outlet(domain, name, "GBR", "Europe/London", "en", Kind.BROADSHEET, (), "invented")


def item(of: Outlet, id_: str, at: float, title: str, summary: str = "", body: str = "") -> Item:
    return Item(id_, at, NOON + timedelta(seconds=at), of, title, summary, body)


def script(*items: Item) -> Script:
    return Script(NOON, items)


def alert(
    kind: AlertKind = AlertKind.OPENED, *, incident: str = "inc_1", answers: str | None = None
) -> Alert:
    return Alert(
        id=f"{incident}-1",
        kind=kind,
        reason=Reason.FIRST_REPORT,
        incident_id=incident,
        sequence=1,
        at=NOON + timedelta(seconds=2),
        headline="Drone hits Port X",
        sentence="Drone attack on the navy in Port X; 3 injured.",
        changes=("3 killed",) if kind == AlertKind.UPDATED else (),
        severity=Severity(
            score=47,
            tier=Tier.MODERATE,
            terms=(
                SeverityTerm(name="hostility", points=40, reason="use of force"),
                SeverityTerm(name="weapon", points=7, reason="a drone"),
                SeverityTerm(name="rate", points=0, reason="history too short"),
            ),
        ),
        sources_count=3,
        outlets_count=2,
        responds_to=answers,
    )
