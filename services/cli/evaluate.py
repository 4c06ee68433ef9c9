"""``tocsin evaluate``: how good the coder is on labelled items, told on a page, in a table or as JSON."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.stream_score import stream
from services.cli.terminal.usage import BadUsage, typed
from shared import outlets, settings
from shared.printable import one_line

if TYPE_CHECKING:
    from services.classifier.quality.measuring import Measured

_ROOT = Path(__file__).resolve().parents[2]
_CORPUS = Path("tests") / "corpus"
_PAGE = Path("docs") / "quality.md"


def evaluate(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE...", help="With --items: files of labelled items")
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="DIR", help="The data directory, with its coding/*.jsonl")
    ] = None,
    items: Annotated[bool, typer.Option("--items", help="Score the FILEs alone, and write no page")] = False,
    incidents: Annotated[
        Path | None,
        typer.Option("--incidents", metavar="FILE", help="Score how a stream of labelled items is joined"),
    ] = None,
    corpus: Annotated[
        Path | None,
        typer.Option("--corpus", metavar="DIR", help="Our own labelled items [the project's tests/corpus]"),
    ] = None,
    folds: Annotated[
        Path | None,
        typer.Option("--folds", metavar="FILE", help="What models that had not seen an item say of it"),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Where the page goes [docs/quality.md]")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line")] = False,
) -> None:
    """Measure the coder on labelled items, by the codebook's rules of scoring.

    With --data it writes the page docs/quality.md and its pictures: the data's coded items and the project's
    own corpus, beside a plain baseline, which needs scikit-learn: pip install 'tocsin[quality]'. With --items
    it scores any files of labelled items, each a JSON object a line after the form of tests/corpus. Either
    way it shows the figures; --json writes them as `{set, who, measure, value, low, high, right, of}` and
    `{set, trap, items, rang}`.

    With --incidents it plays a stream of labelled items, each with the `incident` of its main event (null for
    noise), and shows how well its articles were joined: once with the labelled events, which judges the
    matcher alone, once with the coder's own; --json writes `{events, measure, value}`.
    """
    if incidents is not None:
        if data is not None or items or files or folds or to is not None or corpus is not None:
            raise BadUsage("--incidents FILE scores one stream: leave the other options out")
        stream(incidents, as_json=as_json)
        return
    if (data is None) == (not items):
        raise BadUsage(
            "say --data DIR to write the page, --items FILE... to score files, or --incidents FILE"
        )
    if items:
        if to is not None or corpus is not None:
            raise BadUsage("--items writes no page: leave --to and --corpus out")
        measured = _score(files or [], folds)
    else:
        if files:
            raise BadUsage(f"{files[0]} stands alone: say --items before it, or leave it out")
        measured = _write(data or Path(), corpus, folds, to, quiet=as_json)
    for line in _lines(measured) if as_json else ():
        print(json.dumps(line, ensure_ascii=False))
    if not as_json:
        _show(measured)


def _score(files: list[Path], folds: Path | None) -> "dict[str, Measured]":
    # The coder takes a second to load; `tocsin --help` shall not wait for it.
    from services.classifier.quality.folds import read_folds
    from services.classifier.quality.measuring import Measured, answers_of, read_all
    from services.cli.terminal.progress import with_progress

    if not files:
        raise BadUsage("--items needs at least one file: tocsin evaluate --items FILE...")
    with typed():
        labelled = read_all(files)
        opinions = read_folds(folds) if folds else None
    zone_of = outlets.load(settings.load().outlets).zone_of
    return {"items": Measured(labelled, answers_of(labelled, zone_of, with_progress, opinions))}


def _write(
    data: Path, corpus: Path | None, folds: Path | None, to: Path | None, *, quiet: bool
) -> "dict[str, Measured]":
    from services.classifier.coding.coder import CODER_VERSION
    from services.classifier.quality import baseline, page
    from services.classifier.quality.folds import read_folds
    from services.classifier.quality.measuring import Part, corpus_items, given_items, measure
    from services.classifier.quality.plv import read_plv
    from services.cli.terminal.progress import with_progress

    target = to or _project() / _PAGE
    if not target.parent.is_dir():
        raise BadUsage(f"{target.parent} is no directory: name the page with --to FILE, in one that is there")
    with typed():
        sets = {Part.GIVEN: given_items(data), **corpus_items(corpus or _project() / _CORPUS)}
        opinions = read_folds(folds) if folds else None
    baseline.need()
    plv = read_plv()
    measured = measure(sets, outlets.load(settings.load().outlets).zone_of, with_progress, opinions)
    made = page.compose(measured, CODER_VERSION, folds=opinions is not None, plv=plv)
    try:
        made.write(target)
    except OSError as exc:
        raise BadUsage(
            f"can't write {exc.filename or target} ({exc.strerror}): name another with --to"
        ) from exc
    if not quiet:
        print(f"wrote {target} and {len(made.pictures)} pictures")
    return {str(part): found for part, found in measured.items()}


def _project() -> Path:
    """The project's directory: where the code stands in a checkout; what is installed apart is told where."""
    return _ROOT if (_ROOT / _CORPUS).is_dir() else Path()


def _lines(sets: "Mapping[str, Measured]") -> Iterator[dict[str, Any]]:
    """Every figure and every trap's score as an object."""
    from services.classifier.quality.scoring import PLAIN, figures
    from services.classifier.quality.tables import traps

    for name, measured in sets.items():
        told = {"coder": figures(measured.pairs), "TF-IDF": figures(measured.baseline_pairs, PLAIN)}
        for who, found in told.items():
            for key, each in found.items():
                if each.value is not None:
                    bounds = {"low": round(each.low, 4), "high": round(each.high, 4)}
                    yield (
                        {"set": name, "who": who, "measure": key, "value": round(each.value, 4)}
                        | bounds
                        | {
                            "right": each.right,
                            "of": each.of,
                        }
                    )
        for kind, (items, rang) in traps(measured).items():
            yield {"set": name, "trap": kind, "items": items, "rang": rang}


def _show(sets: "Mapping[str, Measured]") -> None:
    """A table a set, and what each kind of trap did."""
    from rich.table import Table

    from services.classifier.quality.scoring import MEASURES, figures
    from services.classifier.quality.tables import interval, number, of, traps
    from services.cli.terminal.tables import show

    for name, measured in sets.items():
        found = figures(measured.pairs)
        table = Table(title=f"{name}: {len(measured.items):,} items", title_justify="left")
        for column in ("measure", "figure", "95 % interval", "right / of"):
            table.add_column(column)
        for one in MEASURES:
            each = found[one.key]
            if each.value is not None:
                table.add_row(
                    one.label, number(each.value), f"{interval(each)}".replace("[", "\\["), of(each)
                )
        show(table)
        rang = {kind: counted for kind, counted in traps(measured).items() if counted[1]}
        if rang:
            told = ", ".join(f"{one_line(kind)} {rings} of {items}" for kind, (items, rings) in rang.items())
            print(f"rang and should not have: {told}")
