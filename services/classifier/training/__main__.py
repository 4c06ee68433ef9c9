"""``python -m services.classifier.training --data DIR``: all trained parts anew, progress on the terminal.

Learns on the loose stream, then on labelled items once a fold and once on all; writes the weights, the votes,
the gate and the metrics into the package, and the out-of-fold opinions beside the build.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import torch
from rich.console import Console
from rich.progress import Progress, TaskID

from services.classifier.coding import Coder
from services.classifier.coding.events import meaning
from services.classifier.coding.model.pieces import Pieces
from services.classifier.coding.opinion import Opinion
from services.classifier.coding.text.sentences import read
from services.classifier.incidents.matching import matcher
from services.classifier.quality.codings import article_of
from services.classifier.quality.folds import read_folds
from services.classifier.quality.gold import GoldItem
from services.classifier.quality.streams import read_stream
from services.classifier.training import ballots, gate, likeness, plv
from services.classifier.training.export import export
from services.classifier.training.learning import FIRST, SECOND, STORIES, learn, opinions
from services.classifier.training.material import FOLDS, Loose, fold_of, labelled, loose
from services.classifier.training.network import Network, encoder_path
from services.classifier.training.stories import Story, Told
from services.classifier.training.targets import KINDS, Example, of_item, of_rules
from shared.contracts import Article
from shared.errors import BadInput

PACKAGE = Path(__file__).parent.parent / "coding" / "model"
VERSION = "reader-5"
STEPS = ("first", "folds", "reader", "votes", "gate", "meanings", "likeness", "plv")
"""In the order in which each finds what it reads."""


class _Bars:
    """One bar a thing that is learned."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, name: str, step: int, steps: int) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(name, total=steps)
        self._progress.update(self._tasks[name], completed=step)


def main(arguments: Sequence[str]) -> int:
    """Train; 0 when everything was written, 2 when the data could not be read."""
    parser = argparse.ArgumentParser(prog="make model", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="laid out as docs/model.md says")
    parser.add_argument("--corpus", type=Path, default=Path("tests/corpus"), help="our own labelled items")
    parser.add_argument("--build", type=Path, default=Path("build/model"), help="what is kept between steps")
    parser.add_argument("--only", choices=STEPS, action="append", help="this step; may be said again")
    chosen = parser.parse_args(arguments)
    steps = chosen.only or STEPS
    console = Console(stderr=True)
    try:
        items = labelled(chosen.data, chosen.corpus)
        stream = loose(chosen.data, items) if {"first", "gate"} & set(steps) else []
    except BadInput as error:
        console.print(str(error), style="red", markup=False)
        return 2
    chosen.build.mkdir(parents=True, exist_ok=True)
    with Progress(console=console) as progress:
        _Training(chosen.data, chosen.corpus, chosen.build, items, stream, _Bars(progress)).run(steps)
    return 0


class _Training:
    """The steps in order; each leaves a file that the next ones read."""

    def __init__(
        self, data: Path, corpus: Path, build: Path, items: list[GoldItem], stream: list[Loose], tell: _Bars
    ) -> None:
        self._data, self._corpus, self._build = data, corpus, build
        self._items, self._stream, self._tell = items, stream, tell
        self._coder = Coder(opinions=None)
        known = (encoder_path() / "vocab.txt").read_text(encoding="utf-8").splitlines()
        self._pieces = Pieces({piece: number for number, piece in enumerate(known)})

    def run(self, steps: Sequence[str]) -> None:
        """Do these steps, whatever the order in which they were asked for."""
        done = (
            *(self._first, self._folds, self._reader, self._votes, self._gate),
            *(self._meanings, self._likeness, self._plv),
        )
        for name, do in zip(STEPS, done, strict=True):
            if name in steps:
                do()

    def _first(self) -> None:
        """Learn the words of the world's news from sections and from what the rules find."""
        examples = [self._of_loose(text) for text in self._stream]
        network = Network(len(KINDS))
        learn(network, examples, FIRST, "the loose stream", self._tell)
        torch.save(network.state_dict(), self._build / "first.pt")

    def _folds(self) -> None:
        """What a network that had not seen an item thinks of it, for every labelled item."""
        examples = self._examples()
        with (self._build / "folds.jsonl").open("w", encoding="utf-8") as out:
            for fold in range(FOLDS):
                seen = [each for each in examples if fold_of(each.id) != fold]
                network = self._begun()
                name = f"fold {fold + 1} of {FOLDS}"
                learn(network, seen, SECOND, name, self._tell, seed=fold, told=self._stories(fold))
                unseen = [each for each in examples if fold_of(each.id) == fold]
                for id_, opinion in opinions(network, unseen):
                    out.write(json.dumps(_line(id_, opinion)) + "\n")
                out.flush()

    def _reader(self) -> None:
        """The reader that ships: learned on every labelled item."""
        network = self._begun()
        learn(network, self._examples(), SECOND, "the reader", self._tell, told=self._stories())
        torch.save(network.state_dict(), self._build / "reader.pt")
        export(network, PACKAGE, VERSION)

    def _votes(self) -> None:
        """The votes' weights, from out-of-fold opinions."""
        folds = read_folds(self._build / "folds.jsonl")
        judged = [(item, folds[item.id]) for item in self._items if item.id in folds]
        coder = Coder(opinions=None)
        fitted = ballots.cast(judged, coder).fitted()
        (PACKAGE / "votes.json").write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")

    def _gate(self) -> None:
        """The linear gate, from labelled items and from what sections and rules agree on."""
        texts = []
        for item in self._items:
            # What two coders would quarrel over is learned from, and judges no gate.
            weight, fold = (1.0, None) if item.borderline else (6.0, fold_of(item.id))
            # A truce rings for nobody and is coded for who asks: the gate lets it through, too.
            event = item.escalation or item.main is not None
            texts.append(gate.Text(read(article_of(item))[0], event, weight, fold))
        for text in self._stream:
            article = _article_of(text)
            coding = self._coder.code(article)
            if text.section is not None and (text.section or not coding.escalation):
                texts.append(gate.Text(read(article)[0], text.section, 0.3, None))
        fitted = gate.fit(texts, FOLDS)
        fitted.write(PACKAGE)
        self._note("gate", {"lost": fitted.lost, "kept_out": fitted.kept_out, "texts": len(texts)})

    def _meanings(self) -> None:
        """What each half of the streams is about, by a network that learned from the other half alone."""
        halves = self._streams[::2], self._streams[1::2]
        with (self._build / "meanings.jsonl").open("w", encoding="utf-8") as out:
            for number, seen in enumerate(halves):
                network = self._begun()
                told = [self._story(path) for path in seen]
                learn(network, [], STORIES, f"half {number + 1} of the streams", self._tell, told=told)
                examples = [each.example for path in halves[1 - number] for each in self._story(path)]
                for id_, opinion in opinions(network, examples):
                    told_of = meaning.packed(opinion.meaning, f"half-{number}")
                    out.write(json.dumps({"id": id_, "meaning": told_of}) + "\n")

    def _likeness(self) -> None:
        """The weights of the vote on one incident or two; the coder that ships codes a third of its pairs.

        What its reader thinks these texts are about would be too good: it has learned them.
        """
        with (self._build / "meanings.jsonl").open(encoding="utf-8") as lines:
            unseen = {row["id"]: row["meaning"] for row in map(json.loads, lines)}
        code = likeness.with_meanings(Coder().code, unseen)
        found: list[likeness.Pair] = []
        for path in self._streams:
            items = read_stream(path)
            labels = likeness.labels_of(items)
            for codes in (labels, likeness.with_meanings(labels, unseen), code):
                found += likeness.pairs(items, codes)
        matcher.WEIGHTS.write_text(json.dumps(likeness.fitted(found), indent=1) + "\n", encoding="utf-8")

    def _plv(self) -> None:
        """How the encoder does on another's labels; nothing that ships comes of it."""
        path = self._data / "coding" / "plv_train.jsonl"
        self._note("plv", plv.cross_validated(path, self._pieces, self._tell))

    def _begun(self) -> Network:
        network = Network(len(KINDS))
        # The first stage teaches nothing of which reports tell of one thing.
        network.load_state_dict(torch.load(self._build / "first.pt"), strict=False)
        return network

    def _examples(self) -> list[Example]:
        return [of_item(item, self._coder, self._pieces) for item in self._items]

    @cached_property
    def _streams(self) -> list[Path]:
        return sorted(self._corpus.glob("streams/*.jsonl"))

    def _stories(self, without: int | None = None) -> list[Story]:
        """The streams as they were told, less the items of a fold."""
        return [
            [each for each in self._story(path) if fold_of(each.example.id) != without]
            for path in self._streams
        ]

    def _story(self, path: Path) -> Story:
        return [
            Told(of_item(item, self._coder, self._pieces), item.incident or f"alone {item.id}")
            for item in read_stream(path)
        ]

    def _of_loose(self, text: Loose) -> Example:
        article = _article_of(text)
        coding = self._coder.code(article)
        event = next((event for event in coding.events if event.main), None)
        return of_rules(article, event, text.section, read(article)[0], self._pieces)

    def _note(self, name: str, value: object) -> None:
        """Keep a measure beside the weights, for the model card."""
        path = PACKAGE / "metrics.json"
        noted = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        path.write_text(json.dumps(noted | {name: value}, indent=1) + "\n", encoding="utf-8")


def _article_of(text: Loose) -> Article:
    day = datetime.fromisoformat(text.day[:10]).replace(hour=12, tzinfo=UTC)
    return Article(
        id=text.id,
        published_at=day,
        fetched_at=day,
        outlet="",
        url="",
        title=text.title[:1500],
        summary=text.summary[:1500],
        body="",
    )


def _line(id_: str, opinion: Opinion) -> dict[str, object]:
    """An opinion in the form that ``quality/folds.py`` reads."""
    return {
        "id": id_,
        "relevance": round(opinion.relevance, 4),
        "kinds": {kind: round(share, 5) for kind, share in opinion.kinds.items()},
        "roles": [[*place, [round(share, 3) for share in shares]] for place, shares in opinion.roles.items()],
        "sectors": {
            role: {s: round(p, 4) for s, p in shares.items()} for role, shares in opinion.sectors.items()
        },
    }


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
