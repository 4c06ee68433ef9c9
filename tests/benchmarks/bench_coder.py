"""How many articles one core reads in a second, beside the least that any reader of text must do.

The floor splits the same texts into words with one regular expression, and understands nothing. The bar is
in articles a second, because that is what decides how many workers a newsroom needs: 2,000 feeds bring
about two new articles a second.
"""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from services.classifier.coding import Coder
from shared.contracts import Article, derive_id
from tests.benchmarks.measuring import Bar, Result, in_turns

PROMISED = 200.0
"""Articles a second and core: a hundred times what 2,000 feeds bring, so that no burst waits for long."""
AT = datetime(2026, 3, 3, 6, tzinfo=UTC)
TEXTS = Path(__file__).with_name("articles.jsonl")
"""In our own words: two attacks, a show of force, and five articles that have nothing to report."""


def articles() -> list[Article]:
    """The texts as the poller would hand them over."""
    return [
        Article(id=derive_id(str(number)), published_at=AT, fetched_at=AT, language="en", **json.loads(line))
        for number, line in enumerate(TEXTS.read_text(encoding="utf-8").splitlines())
    ]


def bench() -> Result:
    batch, coder, words = articles(), Coder(), re.compile(r"\w+")

    def code() -> int:
        for article in batch:
            coder.code(article)
        return len(batch)

    def split() -> int:
        for _ in range(100):
            for article in batch:
                words.findall(article.text.lower())
        return 100 * len(batch)

    rates = in_turns({"the coder": code, "splitting into words": split}, rounds=15)
    return Result(
        "articles",
        rates,
        "splitting into words",
        bars={"articles a second and core": Bar(rates["the coder"], PROMISED)},
        notes={"characters an article": round(sum(len(article.text) for article in batch) / len(batch))},
    )
