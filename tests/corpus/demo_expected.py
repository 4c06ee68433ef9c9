"""What the sample of ``tocsin up --demo`` must ring, who belongs to which story, and what stays silent."""

from shared.contracts import AlertKind, Reason

OPENED, UPDATED, ESCALATED = AlertKind.OPENED, AlertKind.UPDATED, AlertKind.ESCALATED
CORRECTED, RETRACTED = AlertKind.CORRECTED, AlertKind.RETRACTED
BELLS = [
    (
        "erbil-drone",
        OPENED,
        Reason.FIRST_REPORT,
        "Drone attack on forces of the United States at Erbil air base; 3 injured (US officials).",
    ),
    (
        "guards-warn-athens",
        OPENED,
        Reason.FIRST_REPORT,
        "Iran: ultimatum to Greece.",
    ),
    (
        "erbil-claim",
        UPDATED,
        Reason.NOW_CLAIMED,
        "Islamic Resistance in Iraq: drone attack on forces of the United States at Erbil air base; "
        "3 injured (defence official).",
    ),
    (
        "us-strikes",
        OPENED,
        Reason.FIRST_REPORT,
        "United States: airstrike on Kataeb Hezbollah and affiliated groups in Iraq.",
    ),
    (
        "aegean-lark-seized",
        OPENED,
        Reason.FIRST_REPORT,
        "Iran: seizure from Greece in the Strait of Hormuz.",
    ),
    (
        "lesotho-coup",
        OPENED,
        Reason.FIRST_REPORT,
        "Mutinous soldiers: coup against the government of Lesotho in Maseru; "
        "at least 27 killed (hospital officials).",
    ),
    (
        "serviceman-martyred",
        UPDATED,
        Reason.MORE_KILLED,
        "United States: airstrike on Kataeb Hezbollah and affiliated groups in Iraq; "
        "1 killed, 18 injured (Joint Operations Command).",
    ),
    (
        "garissa",
        OPENED,
        Reason.FIRST_REPORT,
        "Unknown gunmen: armed clash with police of Kenya in Garissa; 5 killed.",
    ),
    (
        "greece-expels",
        OPENED,
        Reason.FIRST_REPORT,
        "Greece: expulsion of diplomats of Iran.",
    ),
    (
        "lesotho-coup",
        CORRECTED,
        Reason.SOURCE_CORRECTED,
        "Mutinous soldiers: coup against the government of Lesotho in Maseru; 7 killed (hospital officials).",
    ),
    (
        "asad-rockets",
        OPENED,
        Reason.FIRST_REPORT,
        "Islamic Resistance in Iraq: rocket attack on forces of the United States at Ain al-Asad air base.",
    ),
    (
        "garissa",
        RETRACTED,
        Reason.SOURCE_WITHDREW,
        "Unknown gunmen: armed clash with police of Kenya in Garissa; 5 killed.",
    ),
    (
        "two-killed-at-asad",
        ESCALATED,
        Reason.TIER_UP,
        "Islamic Resistance in Iraq: rocket attack on forces of the United States at Ain al-Asad air base; "
        "2 killed, 4 injured (Pentagon).",
    ),
]
"""What rings, in order: the item that rings it, the kind, the reason, and the sentence without its day."""

STORIES: dict[str, list[str]] = {
    "erbil-drone": [
        "three-wounded-at-erbil",
        "americans-hurt-in-iraq",
        "erbil-before-dawn",
        "erbil-claim",
        "erbil-denial",
    ],
    "us-strikes": [
        "statement-on-strikes",
        "us-hits-three-sites",
        "us-bombs-militia",
        "washington-answers",
        "serviceman-martyred",
        "baghdad-counts-its-dead",
    ],
    "asad-rockets": ["militias-answer", "rockets-hit-asad", "two-killed-at-asad", "two-americans-killed"],
    "guards-warn-athens": [],
    "aegean-lark-seized": [
        "aegean-lark-boarded",
        "iran-seizes-tanker",
        "aegean-lark-owner",
        "aegean-lark-anchored",
    ],
    "greece-expels": ["envoys-out", "greece-expels-iranians"],
    "lesotho-coup": ["lesotho-curfew", "lesotho-foiled", "lesotho-coup-foiled"],
    "garissa": [],
}
"""Who opens each incident, and who joins it."""
ALSO_TELL = {
    "us-strikes": "erbil-drone",
    "statement-on-strikes": "erbil-drone",
    "us-hits-three-sites": "erbil-drone",
    "washington-answers": "erbil-drone",
    "asad-rockets": "us-strikes",
    "greece-expels": "aegean-lark-seized",
    "greece-expels-iranians": "aegean-lark-seized",
}
"""Reports that tell, beside their own, the incident that it answers."""
COPIES = {
    "three-wounded-at-erbil": "erbil-drone",
    "us-hits-three-sites": "us-strikes",
    "iran-seizes-tanker": "aegean-lark-seized",
    "lesotho-coup-foiled": "lesotho-foiled",
    "greece-expels-iranians": "greece-expels",
    "two-americans-killed": "two-killed-at-asad",
}
"""Reprints of a wire, and what they reprint."""
NOISE = {
    "pilots-pay": "labour strike",
    "siege-remembered": "anniversary or memorial",
    "box-rates": "no armed or political side",
    "desert-lantern": "friendly exercise",
    "derby": "sport",
    "aegean-lark-dark": "no word of force",
    "cheap-drones": "opinion or analysis",
    "fraternal-ties": "no word of force",
    "storm-ingrid": "no armed or political side",
    "market-bombing-trial": "no political side",
    "the-last-battery": "film, book, game or show",
    "weekly-assessment": "only possible",
    "march-in-baghdad": "peaceful protest",
    "markets": "not this article's news",
    "what-a-war-would-mean": "opinion or analysis",
    "sovereignty": "concern or condemnation",
    "cholera": "health",
    "antwerp-jewellers": "no armed or political side",
    "bahrain-sale": "politics without force",
    "baltic-wargame": "too weak a sign",
    "pilgrims-coach": "accident",
    "antwerp-dockers": "labour strike",
    "jordan-denies": "denied or did not happen",
    "milk-price-war": "nobody threatens",
    "prisoners-freed": "de-escalates",
    "canal-bomb": "a circumstance",
    "botswana-vote": "politics without force",
    "general-obituary": "an anniversary or memorial",
    "chile-quake": "weather or natural disaster",
    "wreath": "too weak a sign",
    "date-harvest": "film, book, game or show",
    "hunger-strike": "labour strike",
    "tea-prices": "no word of force",
    "karoo-rain": "no word of force",
}
"""What stays silent, and words of the reason that the coder gives."""
