"""``tocsin evaluate --incidents``: how well the articles of a labelled stream are joined into incidents."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from services.cli.terminal.usage import typed

if TYPE_CHECKING:
    from services.classifier.quality.clusters import Joined

LABELLED, CODED = "labelled events", "the coder's events"


def stream(path: Path, *, as_json: bool) -> None:
    """Play the stream twice and tell what became of it."""
    # The coder takes a second to load; `tocsin --help` shall not wait for it.
    from services.classifier.coding import Coder
    from services.classifier.quality.clusters import score
    from services.classifier.quality.streams import play, read_stream
    from services.cli.terminal.progress import with_progress

    with typed():
        items = read_stream(path)
    coder = Coder()
    told = {
        events: score([*with_progress(play(items, code), events, len(items))])
        for events, code in ((LABELLED, None), (CODED, coder.code))
    }
    if as_json:
        for line in _lines(told):
            print(json.dumps(line, ensure_ascii=False))
    else:
        _show(told)


def measures(joined: "Joined") -> Mapping[str, float]:
    """The figures by name: shares from 0 to 1, else counts."""
    return {
        "pair precision": joined.pair[0],
        "pair recall": joined.pair[1],
        "pair F1": joined.pair[2],
        "B-cubed precision": joined.b_cubed[0],
        "B-cubed recall": joined.b_cubed[1],
        "B-cubed F1": joined.b_cubed[2],
        "incidents": joined.incidents,
        "opened once": joined.opened_once,
        "opened three times or more": joined.opened_often,
        "rang on the first report": joined.first_report,
        "false openings": len(joined.false_openings),
        "answers": joined.answers,
        "answers linked": joined.answers_found,
        "answers invented": joined.answers_invented,
    }


def _lines(told: "Mapping[str, Joined]") -> Iterator[dict[str, str | float]]:
    for events, joined in told.items():
        for measure, value in measures(joined).items():
            yield {"events": events, "measure": measure, "value": round(value, 4)}


def _show(told: "Mapping[str, Joined]") -> None:
    from rich.table import Table

    from services.cli.terminal.tables import show

    first = next(iter(told.values()))
    table = Table(title=f"{first.items} items, {first.incidents} incidents, joined by", title_justify="left")
    table.add_column("measure")
    for events in told:
        table.add_column(events, justify="right")
    for measure in measures(first):
        values = [measures(joined)[measure] for joined in told.values()]
        table.add_row(measure, *(f"{v:.3f}" if isinstance(v, float) else str(v) for v in values))
    show(table)
