"""An alert carries the language of the article that rang it, so that a filter can ask for it."""

from services.classifier.memory import PlainMemory
from shared.contracts import Alert
from tests.support.classifier import Reader, article, strike


def test_an_alert_has_its_articles_language() -> None:
    assert told("en").language == "en"
    assert told(None).language == ""


def test_where_the_article_has_none_it_is_that_of_the_newest_report_that_has_one() -> None:
    reader = Reader(PlainMemory())
    reader.reads(article("Shelling hits the port").model_copy(update={"language": "en"}), strike(killed=3))
    reader.reads(article("Sixty dead after shelling of the port"), strike(killed=60))
    assert [alert.language for alert in reader.alerts] == ["en", "en"]


def told(language: str | None) -> Alert:
    report = article("Shelling hits the port").model_copy(update={"language": language})
    (alert,) = Reader(PlainMemory()).reads(report, strike()).alerts
    return alert
