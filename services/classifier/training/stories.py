"""Learning which reports tell of one thing: in each window of a stream, its incidents' reports lie close.

Supervised contrastive learning (Khosla et al. 2020) in windows of one stream, where other wars' reports of
the same days stand beside: so the head learns what sets two strikes on one city apart, not that both are
strikes. The second part of the loss gives likeness a scale: 0.5 divides one thing from two.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from services.classifier.training.targets import Example

WINDOW = 64
"""Reports of a window, about; an incident is never cut."""
_WARMTH = 0.07
_STEEP = 12.0
_ONE_WEIGHT = 3.0
"""What a pair of one incident counts against one of two: they are one in thirty."""


@dataclass(frozen=True, slots=True)
class Told:
    """A report and the incident that it tells of; noise is alone with its own name."""

    example: Example
    incident: str


Story = Sequence[Told]
"""The reports of one stream, in the order in which they came out."""
Window = list[Told]


def windows(stories: Sequence[Story], chance: random.Random) -> Iterator[Window]:
    """Every report once, in windows of incidents that began about the same time; the cuts move."""
    for story in stories:
        window: Window = []
        least = chance.randrange(WINDOW // 2, WINDOW)
        for incident in _incidents(story):
            window += incident
            if len(window) >= least:
                yield window
                window, least = [], WINDOW
        if len(window) > 1:
            yield window


def _incidents(story: Story) -> list[Window]:
    by_name: dict[str, Window] = defaultdict(list)
    for told in story:
        by_name[told.incident].append(told)
    return list(by_name.values())


def loss_of(meanings: Tensor, window: Window) -> Tensor:
    """How far the meanings of a window are from what its incidents say."""
    names = [told.incident for told in window]
    same = torch.tensor([[one == other for other in names] for one in names])
    itself = torch.eye(len(window), dtype=torch.bool)
    alike = meanings @ meanings.T
    others = (alike / _WARMTH).masked_fill(itself, -1e9)
    shares = others - torch.logsumexp(others, 1, keepdim=True)
    fellows = same & ~itself
    has = fellows.any(1)
    near = -((shares * fellows).sum(1)[has] / fellows.sum(1)[has]).mean() if has.any() else shares.sum() * 0
    weights = torch.where(same, _ONE_WEIGHT, 1.0) * ~itself
    scaled = functional.binary_cross_entropy_with_logits(_STEEP * (alike - 0.5), same.float(), weight=weights)
    return near + scaled
