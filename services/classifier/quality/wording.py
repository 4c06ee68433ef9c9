"""The page's sentences that hold whatever was measured."""

from services.classifier.quality.measuring import Part

NAMES: dict[Part | None, str] = {
    Part.GIVEN: "given items",
    Part.READ: "read part",
    Part.BLIND: "blind part",
}

OPENING = """\
How often `tocsin` rings when it should, and how much of what it codes is right. This page was written by
`tocsin evaluate` for the coder `{coder}`; but for the last column, no figure on it was typed. After each
figure stands its 95 % interval, then how many were right of how many. Beside the coder stands a plain
classifier of texts, a logistic regression on TF-IDF of words and letters, that never saw the items it was
asked about; and, where it was measured, how far a second careful person agreed with the codes, which is
as far as anything can go."""

ABOUT_GIVEN = """\
{count} items of one to three sentences, {first} to {last}, from Wikipedia's Current Events portal (CC
BY-SA; not shipped), coded by [the codebook's](coding.md) rules by four coders, each item once. *Two
coders*: how far a fifth, who saw none of these codes, agreed with them. The baseline is cross-validated
in five folds. Days and coordinates were not coded."""

ABOUT_PART: dict[Part | None, str] = {
    None: """\
News in our own words, in `tests/corpus`: for each row of the codebook some items that are one and some
that only look like one, in several registers. Nothing in it was ever news, so it tells of the rules and
not of the world's mix. *Two coders* are those of the items above.""",
    Part.GIVEN: """\
By halves, cut by chance. The *read half* was read while the rules were written and mended. The *other
half* was read less: its totals were looked at after many a change. The gap between the two is how far the
rules know their own examples.""",
    Part.READ: """\
Written beside the rules, and read while they were mended: it shows what the coder is meant to do. The
baseline learned from the given items and, in five folds, from the rest of this part.""",
    Part.BLIND: """\
Written by people who saw the codebook and not the rules, and kept apart: nobody who wrote rules read an item
of it, and nothing was trained on it; its totals were looked at while thresholds were set. The baseline
learned from the given items and the read part.""",
}

ABOUT_TRAPS = """\
Items that look like an escalation and are none, by what makes them look so: how many there are, and how
many of them rang."""

ABOUT_ROWS = """\
Each item of the own corpus was written for a row of the codebook, or for several; the number is the
section. *Decided*: it rang or was silent as it should. *Type and mode*: of the escalations, those coded
with both."""

LIMITS = """\
- **Where**: the capital in which somebody speaks, or the place of talks, for the place of the act.
- **Whom**: a person's country for the person's side; groups that are in no list.
- **Which**: two reports of one event that share no place, day or side ring twice; two events on one day
  in one town by unnamed hands may become one.
- **English only**, and the English of news: chats, posts and reports of staff are another register.

[How an article is coded](coding.md) says more; `make bench NAME=coder` says how fast it is."""

COUNTED = """\
- Borderline items, on which careful people differ, are left out of every figure.
- *Precision*: of the bells, those that were right. *Recall*: of the escalations, those that rang.
- Type, mode, country, day and place are those of the main event, and are asked of every escalation: one
  that did not ring is wrong in all of them. A mode is right only with its type. No country is an answer,
  too: the high seas have none.
- A place is right within 50 km, of the items whose coordinates are known; of a whole country, when it is
  that country as a whole.
- Actors and recipients are compared as sets: a side is found when its name, or one that it is known by,
  is the same; states, with their armies, police and offices, by country. *Unknown gunmen* are a side like
  any other. F1 is over all sides of all escalations.
- A toll is exact when its lower and its upper end are. Null is *not stated*, and 0 is *stated as none*.
  *Invented*, of the escalations that rang: a figure where none is stated; less is better.
- Intervals: Wilson's for shares; for F1 the middle 95 % of a thousand draws of the items, with a fixed
  seed."""


def learned_from(folds: bool) -> str:
    """What the coder knew of the given items."""
    if folds:
        return (
            "The coder's trained part was asked in folds: of each item spoke a model that had not seen it. "
            "The rules were written on one half of the items (below)."
        )
    return (
        "The coder's trained part has seen these very items, so the figures flatter it: only the blind part "
        "below is fair. `--folds` asks models that had not seen them."
    )
