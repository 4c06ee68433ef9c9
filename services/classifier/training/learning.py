"""The learning itself: AdamW, a linear schedule, batches of like length; progress is told as it goes."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import torch
from torch import Tensor

from services.classifier.coding.opinion import ROLES, Opinion
from services.classifier.training import stories
from services.classifier.training.network import SECTORS, Network, batch_of, loss_of
from services.classifier.training.stories import Story, Told, Window
from services.classifier.training.targets import KINDS, Example

Tells = Callable[[str, int, int], None]
"""Told after each step: what is learned, the step, and how many there are."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast: ``rate`` for the encoder, ``head_rate`` for the heads."""

    epochs: int
    batch: int
    rate: float
    head_rate: float
    warm: int


FIRST = Plan(epochs=2, batch=32, rate=1e-4, head_rate=5e-4, warm=200)
"""On the loose stream."""
SECOND = Plan(epochs=6, batch=16, rate=1.2e-4, head_rate=5e-4, warm=100)
"""On labelled items."""
STORIES = Plan(epochs=5, batch=16, rate=1e-4, head_rate=5e-4, warm=20)
"""On stories alone."""


def learn(
    network: Network,
    examples: Sequence[Example],
    plan: Plan,
    name: str,
    tell: Tells,
    seed: int = 0,
    told: Sequence[Story] = (),
) -> None:
    """Train a network in place, on examples and on which reports tell of one thing.

    ``tell`` hears of every step.
    """
    torch.manual_seed(seed)
    chance = random.Random(seed)  # noqa: S311 - the order of batches is no secret
    body = [p for n, p in network.named_parameters() if n.startswith("encoder") and p.requires_grad]
    heads = [p for n, p in network.named_parameters() if not n.startswith("encoder")]
    groups = [{"params": body, "lr": plan.rate}, {"params": heads, "lr": plan.head_rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    batches = [_epoch(examples, told, plan, chance) for _ in range(plan.epochs)]
    steps = sum(map(len, batches))

    def rate(step: int) -> float:
        return min(1.0, (step + 1) / plan.warm) * max(0.02, 1 - step / steps)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    network.train()
    for step, rows in enumerate(chain.from_iterable(batches)):
        _loss(network, rows).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        tell(name, step + 1, steps)


def _epoch(
    examples: Sequence[Example], told: Sequence[Story], plan: Plan, chance: random.Random
) -> list[list[Example] | Window]:
    """All examples once and all stories once, in random order."""
    found: list[list[Example] | Window] = []
    found.extend(_batches(examples, plan.batch, chance))
    found.extend(stories.windows(told, chance))
    chance.shuffle(found)
    return found


def _loss(network: Network, rows: list[Example] | Window) -> Tensor:
    window = [each for each in rows if isinstance(each, Told)]
    batch = batch_of([each.example if isinstance(each, Told) else each for each in rows])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        answers = network(batch.ids, batch.mask)
    return stories.loss_of(answers["meaning"].float(), window) if window else loss_of(answers, batch)


def _batches(examples: Sequence[Example], size: int, chance: random.Random) -> Iterator[list[Example]]:
    """Batches of like length in random order: little is padded, and no order is learned."""
    order = list(examples)
    chance.shuffle(order)
    batches = []
    for start in range(0, len(order), size * 20):
        near = sorted(order[start : start + size * 20], key=lambda each: len(each.ids))
        batches += [near[first : first + size] for first in range(0, len(near), size)]
    chance.shuffle(batches)
    yield from batches


def opinions(network: Network, examples: Sequence[Example]) -> Iterator[tuple[str, Opinion]]:
    """What a trained network thinks of each example, by its id."""
    network.eval()
    ordered = sorted(examples, key=lambda each: len(each.ids))
    with torch.no_grad():
        for start in range(0, len(ordered), 32):
            batch = batch_of(ordered[start : start + 32])
            answers = network(batch.ids, batch.mask)
            relevance = torch.sigmoid(answers["relevance"]).tolist()
            kinds = torch.softmax(answers["kinds"], 1).tolist()
            sectors = torch.sigmoid(answers["sectors"]).tolist()
            roles = torch.sigmoid(answers["roles"]).tolist()
            meanings = answers["meaning"].tolist()
            for row, each in enumerate(batch.examples):
                yield (
                    each.id,
                    opinion_of(
                        relevance[row], kinds[row], sectors[row], each.words, roles[row], meanings[row]
                    ),
                )


def opinion_of(
    relevance: float,
    kinds: Sequence[float],
    sectors: Sequence[float],
    words: Sequence[tuple[int, int, int]],
    roles: Sequence[Sequence[float]],
    meaning: Sequence[float] = (),
) -> Opinion:
    """The network's numbers as an opinion; the same that the shipped reader makes of them."""
    half = len(SECTORS)
    return Opinion(
        relevance,
        dict(zip(KINDS, kinds, strict=True)),
        {(sentence, word): roles[piece][: len(ROLES)] for sentence, word, piece in words},
        {
            "actor": dict(zip(SECTORS, sectors[:half], strict=True)),
            "recipient": dict(zip(SECTORS, sectors[half:], strict=True)),
        },
        tuple(meaning),
    )
