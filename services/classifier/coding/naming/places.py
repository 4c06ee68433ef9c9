"""A sentence in, the places it names out, each with its country and, where known, its coordinates.

A name alone proves little (there is a Moscow in Idaho), so a place is taken where a locative word or an
address (*Gao, Mali*) says that it is one, and its country where the rest of the article agrees.
"""

from collections import Counter

from services.classifier.coding.lexicon import Lexicon, Spot, word_class
from services.classifier.coding.naming.addresses import agreed
from services.classifier.coding.naming.capitals import capital_at, is_government
from services.classifier.coding.naming.homonyms import ALL_KINDS, KINDS, place_named
from services.classifier.coding.naming.scenes import is_no_scene
from services.classifier.coding.text.reading import Located, Mention, Sentence
from shared.contracts import Place, Precision

_LOCATIVE = word_class("places.locative")
_VERBS = word_class("places.verbs")
_REGIONS = word_class("places.regions")
_LINKS = word_class("places.links")
_SITES = word_class("places.sites")
_SCENES = word_class("places.scenes")
_HOUSES = word_class("places.houses")
"""What a known town may have, and a firm or a person as well: *a Dushanbe cafe*, *a Rolex shop*."""
_WHERE = frozenset(["in", "near", "outside", "at", "off", "above", "beside"])
"""Words after which a name that no gazetteer knows is a place's."""
_SOME_TOWN = frozenset(["city", "town", "village", "camp"])
"""After a region's name these tell of some town there, which has a name of its own."""
_NO_NAMES = word_class("places.no_names")
_NOT_PLACES = word_class("places.not_places")


def places_in(
    sentence: Sentence, mentions: list[Mention], context: Counter[str], lexicon: Lexicon
) -> list[Located]:
    """The places of a sentence in order; ``context`` counts the countries that the article speaks of."""
    found: list[Located] = []
    groups = {
        index
        for m in mentions
        if m.kind in ("group", "igo", "organ") or (m.role == "state" and m.actor.sector == "MIL")
        for index in range(m.first, m.last)
    }
    position = 0
    while position < len(sentence.words):
        located = None
        if position not in groups and sentence.words[position].capital:
            located = _country(sentence, position, lexicon) or _spot(
                sentence, position, found, context, lexicon
            )
        elif sentence.norms[position] == "capital":
            located = _capital(sentence, position, context, lexicon)
        if located is None:
            position += 1
        else:
            found.append(located)
            position = located.last
    scenes = [
        place
        for place in found
        if not (is_no_scene(sentence, place) or is_government(sentence, place, lexicon))
    ]
    return agreed(scenes, sentence)


def _capital(sentence: Sentence, position: int, context: Counter[str], lexicon: Lexicon) -> Located | None:
    pointed = capital_at(sentence, position, context, lexicon)
    return _located(sentence, pointed[0], position + 1, position + 1, pointed[1]) if pointed else None


def _country(sentence: Sentence, position: int, lexicon: Lexicon) -> Located | None:
    for length, agent in lexicon.agents.at(sentence.norms, position):
        if agent.kind != "state" or not agent.country:
            continue
        words = sentence.words[position : position + length]
        if agent.capitals == "all" and not all(w.text.isupper() or not w.text.isalpha() for w in words):
            continue
        if not all(w.capital or w.norm in ("of", "the", "and") for w in words):
            continue
        owner = words[-1].possessive
        if owner and sentence.norms[position - 1 : position] not in (
            ("in",),
            ("near",),
            ("at",),
            ("of",),
            ("outside",),
        ):
            return None
        after = sentence.words[position + length] if position + length < len(sentence.words) else None
        if after and after.glued:
            return None
        if not owner and (
            (after and after.capital and after.norm not in _NOT_PLACES)
            or not _is_land(sentence, position, position + length, lexicon)
        ):
            return None
        if after and after.capital and after.norm in KINDS["region"]:
            return None
        country = lexicon.countries[agent.country]
        place = Place(
            name=country.name,
            country=country.code,
            lat=country.lat,
            lon=country.lon,
            precision=Precision.COUNTRY,
        )
        return Located(position, position + length, place, sentence.span(position, position + length), 2)
    return None


def _is_land(sentence: Sentence, first: int, last: int, lexicon: Lexicon) -> bool:
    """Whether a state's name is used as a place here: after *in*, or closing an address (*Gao, Mali*)."""
    norms = sentence.norms
    before = norms[first - 1] if first else ""
    if before == "the":
        before = norms[first - 2] if first > 1 else ""
    after = norms[last] if last < len(norms) else "."
    if before in _LOCATIVE and before not in {"to", "against", "on", "from", "of", "at", *_VERBS}:
        return True
    if before in ("of", "from") and after in (",", ".", ";", "and", "on", "when", "after"):
        return True
    if before in _REGIONS or norms[last : last + 2] in (("air", "base"), ("air", "bases")):
        return True
    if before == "," and first > 1 and norms[first - 2] in lexicon.country_ends:
        return False
    if before == "," and first > 1 and sentence.words[first - 2].capital:
        return after in (
            ",",
            ".",
            ";",
            "and",
            "when",
            "after",
            "as",
            "while",
            "on",
            "by",
            "during",
            "(",
            "to",
            "for",
            "with",
            "according",
            "killing",
            "where",
            "in",
            "-",
            "following",
            "who",
            "that",
            "which",
            "leaving",
        )
    return before in ("and", "or") and first > 1 and _is_land_pair(sentence, first)


def _is_land_pair(sentence: Sentence, first: int) -> bool:
    """*In Iraq and Syria*: the second of two lands."""
    return any(
        word in ("in", "across", "within", "between")
        for word in sentence.norms[max(0, first - 4) : first - 1]
    )


def _spot(
    sentence: Sentence, position: int, found: list[Located], context: Counter[str], lexicon: Lexicon
) -> Located | None:
    words, norms = sentence.words, sentence.norms
    if any(agent.kind == "state" for _, agent in lexicon.agents.at(norms, position)) and norms[
        position
    ] not in ("gaza",):
        return None
    if (
        position
        and norms[position - 1] in ("against", "with")
        and any(agent.kind == "capital" for _, agent in lexicon.agents.at(norms, position))
    ):
        return None
    if norms[position] in _NOT_PLACES and not (position + 1 < len(words) and words[position + 1].glued):
        return None
    if norms[position] in _REGIONS and not _names_more(sentence, position):
        return None  # "in the South": a point of the compass, though towns are called so
    locative = _is_located(sentence, position, found)
    longest = position + 1
    while (
        longest < len(words)
        and longest - position < 6
        and (words[longest].capital or norms[longest] in _LINKS or words[longest].glued)
    ):
        longest += 1
    owner = _owner_land(sentence, position, lexicon)
    locative = locative or owner is not None or _names_a_scene(sentence, position, longest, _SCENES)
    known = locative or _names_a_scene(sentence, position, longest, _HOUSES)
    ends = [*range(longest, position, -1)]
    both = " ".join(norms[position : longest + 2])
    if norms[longest : longest + 1] == ("and",) and (both in lexicon.known_spots or both in lexicon.spots):
        ends.insert(0, longest + 2)  # "Jammu and Kashmir" is one name
    for extra in (2, 1):
        tail = norms[longest : longest + extra]
        if len(tail) == extra and all(word in _SITES for word in tail):
            ends.insert(0, longest + extra)
    for end in sorted(ends, reverse=True):
        spot = place_named(sentence, position, end, context, known, lexicon)
        longer = end < longest and (words[end].capital or words[end].glued) and norms[end] not in ALL_KINDS
        if spot and not spot.listed and longer:
            continue  # half of a longer name: "Kamal Adwan Hospital" is not the town of Kamal
        if (
            spot
            and not known
            and (
                (end < len(words) and words[end].capital and norms[end] not in ALL_KINDS)
                or (position and words[position - 1].capital and norms[position - 1] not in _REGIONS)
            )
        ):
            continue
        if spot and spot.kind == "sea" and end == position + 1 and not locative:
            continue  # "Gulf states", "Baltic ministers": where they are from
        if spot:
            last = end + 1 if end < len(words) and norms[end] in ALL_KINDS else end
            return _located(sentence, position, end, last, spot)
    if "of" in norms[position:longest]:
        longest = position + norms[position:longest].index("of")
    if locative and longest > position and norms[longest - 1] not in _LINKS:
        # "in Russian missile fire", "Raid in Their Town": capitals that make no name.
        demonym = any(agent.kind == "people" for _, agent in lexicon.agents.at(norms, position))
        if not demonym and not sentence.title_case:
            return _unknown(sentence, position, longest, owner)
    return None


def _owner_land(sentence: Sentence, position: int, lexicon: Lexicon) -> str | None:
    """The country that a name belongs to: *Burundi's Mabayi commune*, *Iran's Khoda Afarin dam*."""
    if position == 0 or not sentence.words[position - 1].possessive:
        return None
    of = lexicon.agents.at(sentence.norms, position - 1)
    return next((agent.country for length, agent in of if agent.kind == "state" and length == 1), None)


def _names_more(sentence: Sentence, position: int) -> bool:
    """Whether a capital follows a point of the compass (*South Kivu*)."""
    return position + 1 < len(sentence.words) and sentence.words[position + 1].capital


def _names_a_scene(sentence: Sentence, first: int, last: int, scenes: frozenset[str]) -> bool:
    """*Nyala airport*, *the Djibo road*, *Gezira massacre*: a name right before what only a place has."""
    if sentence.words[last - 1].possessive or (first and sentence.words[first - 1].capital):
        return False
    return bool(scenes & set(sentence.norms[last : last + 1]))


def _is_located(sentence: Sentence, position: int, found: list[Located]) -> bool:
    if position and sentence.words[position - 1].possessive and found and found[-1].last == position:
        return True
    index = position - 1
    while index >= 0 and sentence.norms[index] in (
        "the",
        "city",
        "town",
        "village",
        "villages",
        "towns",
        "district",
        "province",
        "southern",
        "northern",
        "eastern",
        "western",
        "central",
        "occupied",
        "northeastern",
        "northwestern",
        "southeastern",
        "southwestern",
        "border",
        "port",
        "capital",
        "nearby",
        "neighbouring",
    ):
        index -= 1
    if index < 0:
        return False
    before = sentence.norms[index]
    if before in ("of", "from", "to", "on", "against"):
        # "of Mali", "on Kherson" say where; "of Smith" does not: the gazetteer must know the name.
        return True
    if before in _LOCATIVE or before in _VERBS:
        return True
    return before in (",", "and") and bool(found) and position - found[-1].last <= 2


def _located(sentence: Sentence, first: int, end: int, last: int, spot: Spot) -> Located:
    precision = {"exact": Precision.EXACT, "city": Precision.CITY, "region": Precision.REGION}.get(
        spot.kind, Precision.REGION
    )
    rank = {"exact": 0, "city": 0, "region": 1}.get(spot.kind, 3)
    following = sentence.norms[end] if end < len(sentence.norms) else ""
    if following in KINDS["region"] and rank == 0 and spot.kind != "exact":
        rank, precision = 1, Precision.REGION
    elif following in KINDS["city"] and not (spot.kind == "region" and following in _SOME_TOWN):
        rank = 0  # a district is nearer than its province, but "Darfur city" is one of many there
    place = Place(name=spot.name, country=spot.country, lat=spot.lat, lon=spot.lon, precision=precision)
    return Located(first, max(last, end), place, sentence.span(first, max(last, end)), rank)


def _unknown(sentence: Sentence, first: int, last: int, owner: str | None) -> Located | None:
    """A name that no gazetteer knows, after *in* or *near*: a village, most often."""
    before = sentence.norms[first - 1] if first else ""
    kind = sentence.norms[last] if last < len(sentence.norms) else ""
    inner = sentence.norms[last - 1]
    kinds = ALL_KINDS | _SCENES
    named_kind = inner in ALL_KINDS or kind in (kinds if owner or before in _LOCATIVE else ALL_KINDS)
    if before not in _WHERE and not (named_kind and before not in ("by", "and")):
        vill = first >= 2 and before == "of" and sentence.norms[first - 2] in ALL_KINDS | _REGIONS
        if not vill:
            return None
    if _NO_NAMES & set(sentence.norms[first:last]) or (last - first == 1 and inner in _REGIONS):
        return None  # "in the South", "near Their Homes": capitals that make no name
    text = sentence.span(first, last)
    if not text.text[:1].isalpha() or len(text.text) < 3:
        return None
    region = kind in KINDS["region"] or inner in KINDS["region"]
    precision = Precision.REGION if region else Precision.CITY
    place = Place(name=text.text, country=owner, precision=precision)
    return Located(first, last, place, text, 1 if region else 0)
