"""A text that is not in English is set aside with a reason; an English one never is, and doubt reads on."""

from datetime import UTC, datetime

import pytest

from services.classifier.coding.text.language import not_english, small_words
from services.classifier.incidents import consider
from shared.contracts import Reason
from tests.unit.coding.reading import article, code, coder

FOREIGN = [
    ("Spanish", "Ataque con drones deja cinco muertos en Járkov", "Según las autoridades hay doce heridos."),
    ("French", "Mali : une attaque fait 22 morts près de Gao", "Des hommes armés ont attaqué un village."),
    ("German", "Russland greift Kiew mit Raketen an", "Mindestens sieben Menschen wurden getötet."),
    ("Italian", "Attacco russo su Odessa, quattro morti", "I missili hanno colpito il porto nella notte."),
    ("Portuguese", "Ataque aéreo mata dez pessoas em Rafah", "O exército disse que o alvo era um depósito."),
    ("Dutch", "Russische raketten treffen Charkov", "Volgens de gouverneur zijn er zes doden."),
    ("Polish", "Rosyjski atak na Charków", "Nie żyje pięć osób, poinformowały władze."),
    ("Turkish", "Gazze'de hava saldırısı: 12 ölü", "Ordusu saldırının yeni olduğunu açıkladı."),
    ("Indonesian", "Serangan udara tewaskan 15 orang di Gaza", "Militer mengatakan itu untuk komandan."),
    ("Vietnamese", "Nga phóng tên lửa vào Kiev", "Năm người thiệt mạng và nhiều toà nhà bị hư hại."),
    ("Swahili", "Mashambulizi ya angani yaua watu kumi Gaza", "Jeshi limesema lililenga kituo hicho."),
    ("Hausa", "Yan bindiga sun kashe mutane goma", "Rundunar soji ta ce ta fara farautar maharan."),
    ("Cyrillic", "Ракетный удар по Киеву: погибли пять человек", ""),
    ("Arabic", "غارة إسرائيلية على بيروت تقتل ثلاثة", ""),
    ("Chinese", "以军空袭加沙致20人死亡", ""),
    ("Japanese", "ロシア軍がキーウを攻撃、5人死亡", ""),
    ("Korean", "북한, 동해로 탄도미사일 발사", ""),
    ("Russian in Latin letters", "Raketnyy udar po Kiyevu", "Mer soobshchil, chto pogibli pyat chelovek."),
    (
        "Hindi or Urdu in Latin",
        "Gaza par hamla, bees logon ki maut",
        "Sena ne kaha ki hamle mein log zakhmi hue.",
    ),
    ("Arabic in Latin letters", "Ghara ala janub Lubnan", "Qatala al-jaysh thalathat ashkhas fi al-hujum."),
    ("another language", "Xyrdo melkan fidrel Kharkiv", "Wroden tulkas berem ostilak vund greppel shorn."),
]
ENGLISH = [
    "Netanyahu: Hamas will pay",
    "Netanyahu: Hamas...",
    "HOUTHIS HIT TANKER",
    "Boko Haram raid kills 12",
    "Maduro arrested",
    "Lai Ching-te: PLA sortie",
    "Coup d'état attempt in Guinea-Bissau",
    "M23, FARDC clash near Goma",
    "Bamako: Goïta, Maïga",
    "Erdoğan, Kılıçdaroğlu",
    "Bundestag, Bundesrat",
    "Movimiento al Socialismo, Partido Socialista Unido de Venezuela",
    "Lashkar-e-Taiba, Jaish-e-Mohammed, Hizb-ul-Mujahideen",
    "israel hamas war gaza news 11 3 2023",
    "10 los angeles students appear to od on cannabis edibles",
    "port au prince haiti police",
    "evo morales trials la paz santa cruz bolivia",
    "Group buying becomes trend",
    "https://example.org/gazze-hava-saldirisi-olu-yarali-var",
    "1,140 12:30 $5",
    "",
]


@pytest.mark.parametrize(("language", "title", "summary"), FOREIGN)
def test_a_foreign_article_is_set_aside_and_named(language: str, title: str, summary: str) -> None:
    coding = code(title, summary)

    assert coding.set_aside
    assert not coding.escalation
    assert not coding.events
    assert coding.reason.startswith("not in English (looks ")
    assert language in coding.reason


@pytest.mark.parametrize("title", ENGLISH)
def test_english_and_doubt_are_read(title: str) -> None:
    assert not code(title).set_aside


def test_the_reason_shows_the_words_that_told() -> None:
    reason = code("Ataque con drones deja cinco muertos", "Según las autoridades hay doce heridos.").reason

    assert reason == "not in English (looks Spanish: Ataque, deja, muertos, Según): Tocsin reads English only"


def test_an_english_title_above_a_foreign_text_rings() -> None:
    coding = code("Russian missiles kill five in Kharkiv", "Губернатор сообщил, что повреждены жилые дома.")

    assert coding.escalation


def test_an_english_summary_below_a_foreign_title_rings() -> None:
    coding = code(
        "Удар по Харькову", "Russian missiles killed five people in Kharkiv on Thursday, police said."
    )

    assert coding.escalation


def test_a_foreign_quotation_is_no_foreign_article() -> None:
    coding = code(
        "Israeli strike kills three in Beirut, army says",
        "“Nous ne céderons pas, car nous sommes chez nous”, said the minister after the strike.",
    )

    assert coding.escalation


def test_a_feed_that_declares_the_wrong_language_silences_nothing() -> None:
    english = article("Israeli strike kills three in Beirut").model_copy(update={"language": "es"})

    assert coder().code(english).escalation


def test_a_feed_that_declares_english_prints_none() -> None:
    foreign = article("Attacco russo su Odessa", "I missili hanno colpito il porto nella notte.")

    assert not_english(foreign.model_copy(update={"language": "en"}))


def test_a_short_headline_is_believed_to_be_what_its_feed_declares() -> None:
    short, shorter = article("Hamas lehnt Waffenruhe ab"), article("Hamas pronti tregua")
    german = short.model_copy(update={"language": "de"})
    italian = shorter.model_copy(update={"language": "it"})

    assert not not_english(short)
    assert "looks German: lehnt" in not_english(german)
    assert "looks it, as its feed says" in not_english(italian)


def test_an_operator_can_count_what_was_set_aside() -> None:
    foreign = article("Ракетный удар по Киеву: погибли пять человек")
    decision = consider(foreign, coder().code(foreign), (), now=datetime(2024, 3, 14, 10, tzinfo=UTC))

    assert decision.reason == Reason.NOT_ENGLISH
    assert not decision.alerts


def test_a_word_that_tells_of_another_language_is_no_english_word() -> None:
    for word, told in small_words().items():
        english = [tells for language, tells in told if language == "English"]
        assert not (english and any(tells for language, tells in told if language != "English")), word
