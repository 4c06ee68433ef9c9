"""The default feeds: world news and defence in English, whose outlets we know."""

from urllib.parse import urlsplit

from lxml import etree

from services.cli.default_feeds import contents
from shared import feeds, guard, outlets
from shared.settings import Settings

FOLDERS = [
    "World",
    "Middle East",
    "Europe and Eurasia",
    "Africa",
    "South Asia",
    "East and South-East Asia",
    "Americas",
    "Oceania",
    "Defence and security",
    "Agencies and institutions",
]


def outlines() -> list[etree._Element]:
    """The outlines that name a feed."""
    return [each for each in etree.fromstring(contents()).iter("outline") if each.get("type") == "rss"]


def test_about_sixty_feeds_in_folders_by_region() -> None:
    found = feeds.import_opml(contents())

    assert 55 <= len(found) <= 70
    assert list(dict.fromkeys(outline.folder for outline in found)) == FOLDERS
    assert all(outline.title for outline in found)


def test_no_feed_stands_twice_under_another_spelling() -> None:
    addresses = [
        urlsplit(outline.url)._replace(scheme="").geturl().rstrip("/").replace("//www.", "//")
        for outline in feeds.import_opml(contents())
    ]
    assert len(addresses) == len(set(addresses)) == len(outlines())
    titles = [outline.get("title") for outline in outlines()]
    assert len(titles) == len(set(titles))


def test_every_feed_may_be_dialled_without_any_setting() -> None:
    policy = guard.feed_policy(Settings(_env_file=None))
    for outline in feeds.import_opml(contents()):
        guard.check_url(outline.url, policy)
        assert outline.url.startswith("https://")


def test_every_feeds_outlet_is_known() -> None:
    registry = outlets.load()
    for outline in outlines():
        assert registry.find(urlsplit(outline.get("htmlUrl") or "").hostname or "") is not None, (
            outline.attrib
        )


def test_every_feed_is_english() -> None:
    assert {outline.get("language") for outline in outlines()} == {"en"}


def test_no_feed_is_of_sport_or_markets() -> None:
    for outline in outlines():
        words = f"{outline.get('title')} {outline.get('xmlUrl')}".casefold()
        assert not any(word in words for word in ("sport", "football", "business", "market", "entertainment"))
