"""Stories of what ships with the model: small enough, whole, and fitted on what is asked."""

import json
from pathlib import Path

from services.classifier.coding import model
from services.classifier.coding.model.trained import ABOUT, VOCABULARY, WEIGHTS, trained_opinion
from services.classifier.coding.opinion import NO_EVENT, ROLES
from services.classifier.coding.second.costs import FIELDS, toll_features
from services.classifier.coding.second.costs import candidates as costs
from services.classifier.coding.second.ringing import relevance_features
from services.classifier.coding.second.scene import land_features, lands, place_features
from services.classifier.coding.second.sides import candidates, side_features
from services.classifier.coding.second.votes import BALLOTS, shipped
from services.classifier.coding.text.sentences import read
from services.classifier.training.targets import KINDS
from shared.contracts import EventType, Sector
from tests.unit.coding.hearing import as_named, case_of, hearing_on, sentences_of
from tests.unit.coding.reading import article

MEGABYTE = 1_000_000


def test_all_weights_together_stay_under_thirty_megabytes() -> None:
    files = [
        path for path in Path(model.__file__).parent.iterdir() if path.suffix != ".py" and path.is_file()
    ]

    assert {WEIGHTS, VOCABULARY, ABOUT} <= set(files)
    assert sum(path.stat().st_size for path in files) < 30 * MEGABYTE


def test_the_reader_answers_in_the_words_that_it_was_taught() -> None:
    about = json.loads(ABOUT.read_text(encoding="utf-8"))

    assert about["kinds"] == KINDS
    assert about["sectors"] == [str(sector) for sector in Sector]
    assert NO_EVENT in KINDS
    types = {kind.partition("/")[0] for kind in KINDS} - {NO_EVENT}
    assert types <= {str(each) for each in EventType}


def test_every_answer_is_a_probability_and_every_word_has_its_roles() -> None:
    sentences = sentences_of("Israeli airstrike kills five in Beirut", "Israel struck a house on Wednesday.")
    opinion = trained_opinion(article(), sentences)

    assert opinion is not None
    assert 0.5 < opinion.relevance <= 1.0
    assert abs(sum(opinion.kinds.values()) - 1) < 1e-4
    assert set(opinion.roles) == {(s.number, index) for s in sentences for index in range(len(s.words))}
    assert all(len(shares) == len(ROLES) for shares in opinion.roles.values())
    assert all(0 <= share <= 1 for shares in opinion.roles.values() for share in shares)
    assert all(0 <= share <= 1 for shares in opinion.sectors.values() for share in shares.values())
    five = next(index for index, word in enumerate(sentences[0].words) if word.text == "five")
    killed = opinion.role("killed", 0, five, five + 1)
    assert killed is not None
    assert killed > 0.5


def test_the_words_beyond_what_is_read_have_no_opinion() -> None:
    text = article("Israeli airstrike kills five in Beirut", "The weather was mild in the valley. " * 60)
    sentences, _ = read(text)
    opinion = trained_opinion(text, sentences)

    assert opinion is not None
    assert (0, 0) in opinion.roles
    assert (sentences[-1].number, 0) not in opinion.roles


def test_there_is_no_opinion_of_a_text_without_words() -> None:
    assert trained_opinion(article(), []) is None


def test_the_same_text_has_the_same_opinion() -> None:
    sentences = sentences_of("Drones hit Kyiv", "Russia launched 40 drones at Kyiv overnight.")

    assert trained_opinion(article(), sentences) == trained_opinion(article(), sentences)


def test_each_vote_was_fitted_on_features_that_the_coder_computes() -> None:
    """A feature renamed on one side only would silently count nothing."""
    asked: dict[str, set[str]] = {name: set() for name in BALLOTS}
    for text in (
        ("Israeli airstrike kills five in Beirut", "Israel struck a house in Beirut, wounding two."),
        ("Russia expels two British diplomats", "Russia expelled two British diplomats on Tuesday."),
        ("Police arrest 40 in Minsk", "Belarus arrested 40 opposition activists in Minsk on Tuesday."),
        ("United States sanctions Iran", "The United States imposed sanctions on Iran on Tuesday."),
        (
            "Five policemen killed in Sourou",
            "Gunmen killed five policemen and hurt two in Sourou. Fifteen attackers died, six were hurt.",
        ),
        ("North Korea fires missile", "North Korea fired a ballistic missile into the sea on Tuesday."),
    ):
        hearing = hearing_on(case_of(*text))
        case = hearing.case
        asked["relevance"] |= set(relevance_features(hearing.opinion, case))
        for role in ("actor", "recipient"):
            for one in candidates(hearing, as_named, "LBN", role):
                asked[role] |= set(side_features(one, role, hearing))
        for land in lands(hearing):
            asked["country"] |= set(land_features(land, hearing))
            for place in land.places:
                asked["place"] |= set(place_features(*place, hearing))
        hearing.draft.tolls.clear()  # as where the rules have added nothing up
        for name in FIELDS:
            for each in costs(name, hearing):
                asked[name] |= set(toll_features(name, each, hearing))

    votes = shipped()
    assert set(votes) == set(BALLOTS)
    assert {name: set(vote.weights) for name, vote in votes.items()} == asked
