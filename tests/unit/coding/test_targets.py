"""What the network is taught: which words of a text are a label's sides."""

from datetime import UTC, datetime

from services.classifier.coding import Coder
from services.classifier.coding.model.pieces import Pieces
from services.classifier.quality.gold import GoldItem
from services.classifier.training.targets import of_item
from tests.unit.coding.reading import article

ACTOR, RECIPIENT = 0, 1


def marked(text: str, actors: list[dict[str, str]], recipients: list[dict[str, str]], role: int) -> set[str]:
    event = {
        "event_type": "ASSAULT",
        "mode": "clash",
        "main": True,
        "actors": actors,
        "recipients": recipients,
    }
    item = GoldItem.model_validate(
        {
            "id": "x",
            "published_at": datetime(2026, 3, 4, tzinfo=UTC),
            "summary": text,
            "escalation": True,
            "events": [event],
        }
    )
    coder = Coder(opinions=None)
    example = of_item(item, coder, Pieces({"[UNK]": 0, "[CLS]": 1, "[SEP]": 2}))
    sentences = [reading.sentence for reading in coder.readings(article("", text))]
    rows = zip(example.words, example.roles, strict=True)
    return {sentences[number].norms[word] for (number, word, _), row in rows if row[role]}


GUNMEN = {"name": "unknown gunmen", "sector": "UNK"}
POLICE = {"name": "Iran", "country": "IRN", "sector": "COP"}


def test_a_common_noun_of_no_country_is_the_side_that_it_must_be() -> None:
    text = "Gunmen killed three policemen in Saqqez on Tuesday."

    assert "policemen" in marked(text, [GUNMEN], [POLICE], RECIPIENT)
    assert "policemen" not in marked(text, [GUNMEN], [POLICE], ACTOR)


def test_a_common_noun_that_may_be_either_side_is_neither() -> None:
    armies = [
        {"name": name, "country": code, "sector": "MIL"} for name, code in (("Iran", "IRN"), ("Iraq", "IRQ"))
    ]
    text = "Iran and Iraq traded fire; three soldiers died."

    assert "iran" in marked(text, armies[:1], armies[1:], ACTOR)
    assert "soldiers" not in marked(text, armies[:1], armies[1:], ACTOR) | marked(
        text, armies[:1], armies[1:], RECIPIENT
    )
