"""Stories of an opinion: what it says of words, of types, and of what was never read."""

import pytest

from services.classifier.coding.opinion import ROLES, Opinion
from tests.unit.coding.hearing import NOT, SURE, opinion_of, sentences_of


def test_a_phrase_is_as_likely_as_its_likeliest_word() -> None:
    sentences = sentences_of("The Israeli army struck Beirut")
    opinion = opinion_of(sentences, actor="army")

    assert opinion.role("actor", 0, 0, 3) == SURE
    assert opinion.role("actor", 0, 0, 2) == NOT
    assert opinion.role("recipient", 0, 0, 3) == NOT


def test_words_that_were_not_read_have_no_probability_rather_than_none() -> None:
    opinion = Opinion(0.9, {}, {(0, 1): [0.4, 0.3, 0.2, 0.1, 0.0]})

    assert opinion.role("actor", 0, 0, 1) is None
    assert opinion.role("actor", 7, 0, 9) is None
    assert opinion.role("actor", 0, 3, 3) is None, "an empty phrase has no word"
    assert opinion.role("actor", 0, 0, 3) == 0.4, "a phrase that was read in part speaks by that part"


def test_each_role_has_its_own_column() -> None:
    opinion = Opinion(0.9, {}, {(2, 5): [0.5, 0.4, 0.3, 0.2, 0.1]})

    assert [opinion.role(role, 2, 5, 6) for role in ROLES] == [0.5, 0.4, 0.3, 0.2, 0.1]
    with pytest.raises(ValueError, match="not in tuple"):
        opinion.role("weather", 2, 5, 6)


def test_a_types_probability_is_the_sum_of_its_modes() -> None:
    opinion = Opinion(0.9, {"ASSAULT/drone": 0.5, "ASSAULT/missile": 0.25, "RETREAT": 0.125, "none": 0.125})

    assert opinion.types() == {"ASSAULT": 0.75, "RETREAT": 0.125, "none": 0.125}


def test_an_opinion_needs_no_words() -> None:
    opinion = Opinion(0.1, {"none": 1.0})

    assert opinion.role("killed", 0, 0, 5) is None
    assert opinion.sectors == {}
