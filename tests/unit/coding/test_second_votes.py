"""Stories of a vote: named features in, a probability out."""

import json
import math

import pytest

from services.classifier.coding.second.votes import votes_of
from services.classifier.voting import Vote, odds
from tests.unit.coding.hearing import votes_for


def test_a_vote_is_a_logistic_sum() -> None:
    vote = Vote(-1.0, {"said": 2.0, "rules": 0.5})

    assert vote.share({"said": 1.0, "rules": 1.0}) == pytest.approx(1 / (1 + math.exp(-1.5)))
    assert vote.share({}) == pytest.approx(1 / (1 + math.e))


def test_a_feature_without_a_weight_counts_nothing() -> None:
    vote = Vote(0.0, {"said": 1.0})

    assert vote.share({"said": 1.0, "moon": 99.0}) == vote.share({"said": 1.0})


def test_no_sum_is_too_great_for_a_share() -> None:
    vote = Vote(0.0, {"said": 1.0})

    assert 0.0 < vote.share({"said": -1e9}) < 1e-12
    assert 1 - 1e-12 < vote.share({"said": 1e9}) <= 1.0


def test_odds_are_even_in_the_middle_and_held_at_both_ends() -> None:
    assert odds(0.5) == 0.0
    assert odds(0.9) == pytest.approx(-odds(0.1)) == pytest.approx(math.log(9))
    assert odds(0.0) == odds(0.001) == pytest.approx(-5.0, abs=0.01)
    assert odds(1.0) == odds(0.999) == pytest.approx(5.0, abs=0.01)


def test_what_was_not_read_is_doubtful_but_less_so_than_what_was_read_and_rejected() -> None:
    assert odds(0.0) < odds(None) < odds(0.05)
    assert odds(None, unread=0.0) == 0.0


def test_votes_are_read_as_they_are_written() -> None:
    written = json.loads(json.dumps({"actor": {"bias": -1, "weights": {"said": 0.5}}}))

    assert votes_of(written) == {"actor": Vote(-1.0, {"said": 0.5})}


def test_votes_can_be_made_to_listen_to_one_voice() -> None:
    for vote in votes_for("model").values():
        assert vote.share({"said": 3.0, "rules": -9.0}) > 0.9
    for vote in votes_for("rules").values():
        assert vote.share({"rules": 1.0, "said": -5.0}) > 0.9 > 0.1 > vote.share({"rules": 0.0, "said": 5.0})
