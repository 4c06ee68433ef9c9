"""PLOVER root codes on the PLV sentences, by cross-validation: how the encoder does on another's labels."""

import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from services.classifier.coding.model.pieces import Pieces
from services.classifier.coding.text.sentences import read
from services.classifier.training.learning import Tells
from services.classifier.training.network import encoder_path
from shared.contracts import Article
from shared.errors import BadInput

_EPOCHS, _BATCH, _RATE, _PARTS = 6, 16, 8e-5, 5
_DAY = datetime(2020, 1, 1, tzinfo=UTC)
"""Sentences of a collection have no day, and an article must."""
Text = tuple[list[int], int]
"""The numbers of its pieces, and its root."""


def cross_validated(path: Path, pieces: Pieces, tell: Tells) -> dict[str, object]:
    """Accuracy over five folds of the train part, whose sentences come with their source and target."""
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except OSError as exc:
        raise BadInput(f"can't read {path} ({exc.strerror}): lay DATA out as docs/model.md says") from exc
    roots = sorted({row["root"] for row in rows})
    random.Random(0).shuffle(rows)  # noqa: S311 - the order is no secret
    texts = [(_numbers(row, pieces), roots.index(row["root"])) for row in rows]
    right = 0
    for part in range(_PARTS):
        right += _fold(texts, part, len(roots), tell)
    return {"accuracy": round(right / len(texts), 4), "items": len(texts)}


def _numbers(row: dict[str, str], pieces: Pieces) -> list[int]:
    """Source, target and sentence, in that order: who did what to whom is asked of a pair."""
    article = Article(
        id="plv",
        published_at=_DAY,
        fetched_at=_DAY,
        outlet="",
        url="",
        title=f"{row['source']} ; {row['target']}",
        summary=row["text"],
        body="",
    )
    return pieces.of(read(article)[0])[0]


def _fold(texts: Sequence[Text], part: int, roots: int, tell: Tells) -> int:
    """How many texts of a part are told right by what learned on the others."""
    torch.manual_seed(part)
    encoder = AutoModel.from_pretrained(str(encoder_path()), attn_implementation="eager")
    head = nn.Linear(2 * encoder.config.hidden_size, roots)
    learned = [text for number, text in enumerate(texts) if number % _PARTS != part]
    asked = [text for number, text in enumerate(texts) if number % _PARTS == part]
    _learn(encoder, head, learned, part, tell)
    return _right(encoder, head, asked)


def _learn(encoder: nn.Module, head: nn.Module, learned: Sequence[Text], part: int, tell: Tells) -> None:
    optimizer = torch.optim.AdamW(
        [*encoder.parameters(), *head.parameters()], lr=_RATE, weight_decay=0.01, fused=True
    )
    steps = _EPOCHS * -(-len(learned) // _BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / 30) * (1 - step / steps)
    )
    encoder.train()
    step = 0
    chance = random.Random(part)  # noqa: S311 - the order of batches is no secret
    for _ in range(_EPOCHS):
        order = chance.sample(learned, len(learned))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                answers = head(_encoded(encoder, [ids for ids, _ in rows]))
            functional.cross_entropy(
                answers.float(), torch.tensor([root for _, root in rows]), label_smoothing=0.05
            ).backward()
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            step += 1
            tell(f"PLV, fold {part + 1} of {_PARTS}", step, steps)


def _right(encoder: nn.Module, head: nn.Module, asked: Sequence[Text]) -> int:
    encoder.eval()
    right = 0
    with torch.no_grad():
        for start in range(0, len(asked), 32):
            rows = asked[start : start + 32]
            said = head(_encoded(encoder, [ids for ids, _ in rows])).argmax(1).tolist()
            right += sum(one == root for one, (_, root) in zip(said, rows, strict=True))
    return right


def _encoded(encoder: nn.Module, texts: Sequence[Sequence[int]]) -> Tensor:
    """Each text as the first piece's vector and the mean of all; piece 0 is padding."""
    length = -(-max(map(len, texts)) // 16) * 16
    ids = torch.tensor([[*text, *([0] * (length - len(text)))] for text in texts])
    mask = (ids != 0).float()
    hidden = encoder(input_ids=ids, attention_mask=mask).last_hidden_state
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return torch.cat([hidden[:, 0], (hidden * weights).sum(1) / weights.sum(1)], 1)
