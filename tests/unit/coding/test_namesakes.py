"""Which of two namesakes an article means; acronyms that mean a group only where its land is spoken of."""

import pytest

from services.classifier.coding.lexicon import load
from services.classifier.coding.lexicon.keys import key
from services.classifier.coding.naming.namesakes import settled
from services.classifier.coding.text.sentences import read
from tests.unit.coding.reading import article


def meant(name: str, text: str) -> tuple[str, str | None] | None:
    """Whom a name stands for in a text: name and home country, or None."""
    sentences, _ = read(article(summary=text))
    lexicon = settled(sentences, load())
    found = [
        agent
        for sentence in sentences
        for first, last, agent in lexicon.agents.find(sentence.norms)
        if sentence.norms[first:last] == key(name)
    ]
    return (found[0].name, found[0].country) if found else None


def test_al_shabab_is_the_group_of_the_land_that_is_spoken_of() -> None:
    assert meant("al-Shabab", "Al-Shabab fighters raid a base near Mogadishu.") == ("Al-Shabaab", "SOM")
    raid = "Fighters of al-Shabab burn a village near Macomia in Mozambique's Cabo Delgado."
    assert meant("al-Shabab", raid) == ("Ansar al-Sunna", "MOZ")
    assert meant("al-Shabab", "Al-Shabab says that it has attacked again.") == ("Al-Shabaab", "SOM")


@pytest.mark.parametrize(
    ("acronym", "there", "elsewhere"),
    [
        (
            "PDF",
            "PDF fighters ambush a convoy in Myanmar's Sagaing region.",
            "The report is a PDF of 90 pages.",
        ),
        (
            "SDF",
            "SDF fighters clash with gunmen near Raqqa in Syria.",
            "SDF joined the science fair in Leeds.",
        ),
        ("KIA", "The KIA captures a base in Kachin State, Myanmar.", "KIA recalls 3,000 cars in Canada."),
        ("FACT", "FACT rebels advance in northern Chad.", "FACT CHECK: no, the bridge did not fall."),
        ("MIT", "MIT agents seize a man in Turkey.", "MIT researchers build a battery in Boston."),
    ],
)
def test_an_acronym_means_an_army_only_where_its_land_is_spoken_of(
    acronym: str, there: str, elsewhere: str
) -> None:
    assert meant(acronym, there) is not None
    assert meant(acronym, elsewhere) is None


def test_the_long_form_vouches_for_the_acronym() -> None:
    text = "The Allied Democratic Forces struck at night. The ADF killed twelve people."
    assert meant("ADF", text) == ("Allied Democratic Forces", "UGA")
    assert meant("ADF", "The ADF sends a ship to patrol with Australia's navy.") == ("Australia", "AUS")


def test_the_chiefs_of_staff_are_those_of_the_country() -> None:
    assert meant(
        "Joint Chiefs of Staff", "Pyongyang fired a missile, Seoul's Joint Chiefs of Staff said."
    ) == (
        "South Korea",
        "KOR",
    )
    assert meant("Joint Chiefs of Staff", "The Pentagon and the Joint Chiefs of Staff met.") == (
        "United States",
        "USA",
    )


def test_a_text_without_doubtful_names_gets_the_lexicon_itself() -> None:
    sentences, _ = read(article(summary="Russian forces shelled Kherson on Monday."))
    assert settled(sentences, load()) is load()


def test_settling_one_article_leaves_the_lexicon_as_it_was() -> None:
    before = len(list(load().agents.all()))
    assert meant("PDF", "The report is a PDF of 90 pages.") is None
    assert len(list(load().agents.all())) == before
    assert meant("PDF", "The PDF ambushed a convoy in Myanmar.") == ("People's Defence Force", "MMR")
