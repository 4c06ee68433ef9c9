"""The plain baseline: a logistic regression on TF-IDF of words and letters, trained on labelled items.

It says what any text classifier would: whether it rings, and type, mode and country of the main event. Needs
scikit-learn, which nothing else does, and which is loaded only when it is asked.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from services.classifier.quality.answers import Answer
from services.classifier.quality.gold import GoldItem
from shared.errors import BadSetting

FOLDS = 5
_SEED = 2024
_FEW = 100
"""Of fewer texts every word is kept; of more, those that stand in two."""
_NONE = ""


def need() -> None:
    """Raise ``BadSetting`` with what to do when scikit-learn is not installed."""
    try:
        import sklearn  # noqa: F401
    except ImportError as exc:
        raise BadSetting(
            "the baseline that the coder is held against needs scikit-learn: pip install 'tocsin[quality]', "
            "or in the project's directory `make quality DATA=DIR`, which installs it first"
        ) from exc


def cross_validated(items: Sequence[GoldItem], always: Sequence[GoldItem] = ()) -> list[Answer]:
    """An answer for each item, by a baseline trained on the four fifths that it is not in.

    ``always`` is trained on in each fold as well. Borderline items are answered, never learned from.
    """
    from sklearn.model_selection import StratifiedKFold

    answers: list[Answer | None] = [None] * len(items)
    rings = [item.escalation for item in items]
    folds = min(FOLDS, sum(rings), len(rings) - sum(rings))
    if folds < 2:
        raise BadSetting(
            "too few items to hold a baseline against: give at least two escalations and two others"
        )
    splitter = StratifiedKFold(folds, shuffle=True, random_state=_SEED)
    for learned, asked in splitter.split(rings, rings):
        known = [*always, *(items[index] for index in learned)]
        said = trained_on(known).answers([items[index] for index in asked])
        for index, answer in zip(asked, said, strict=True):
            answers[index] = answer
    return [answer for answer in answers if answer is not None]


def trained_on(items: Sequence[GoldItem]) -> "Baseline":
    """A baseline that learned from these items, but for the borderline ones."""
    return Baseline([item for item in items if not item.borderline])


class Baseline:
    """One trained baseline."""

    def __init__(self, items: Sequence[GoldItem]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_union

        least = 1 if len(items) < _FEW else 2
        self._features: Any = make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=least),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=least),
        )
        features = self._features.fit_transform([item.text for item in items])
        self._rings = _learner(features, [item.escalation for item in items])
        # What kind of event it is, is learned from events alone.
        mains = [(row, item.main) for row, item in enumerate(items) if item.escalation and item.main]
        told = features[[row for row, _ in mains]]
        self._types = _learner(told, [str(main.event_type) for _, main in mains])
        self._modes = _learner(told, [f"{main.event_type}/{main.mode or _NONE}" for _, main in mains])
        self._countries = _learner(told, [main.country or _NONE for _, main in mains])

    def answers(self, items: Sequence[GoldItem]) -> Iterator[Answer]:
        """An answer for each of these items."""
        features = self._features.transform([item.text for item in items])
        scores = self._rings.predict_proba(features)[:, list(self._rings.classes_).index(True)]
        said = (learner.predict(features) for learner in (self._types, self._modes, self._countries))
        for score, type_, mode, country in zip(scores, *said, strict=True):
            rings = bool(score >= 0.5)
            # The finer answer stands only with the type that was given.
            kind, _, finer = str(mode).partition("/")
            yield Answer(
                rings,
                float(score),
                event_type=str(type_),
                mode=(finer or None) if kind == str(type_) else _NONE,
                country=str(country) or None,
            )


def _learner(features: Any, labels: Sequence[Any]) -> Any:
    from sklearn.dummy import DummyClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    kinds = len(set(labels))
    if kinds == 1:
        return DummyClassifier(strategy="prior").fit(features, labels)
    # Few texts and very many features: the dual is quick, and weak regularisation right.
    one = LogisticRegression(
        C=10.0, class_weight="balanced", solver="liblinear", dual=True, max_iter=1000, random_state=_SEED
    )
    return (one if kinds == 2 else OneVsRestClassifier(one)).fit(features, labels)
