"""The feeds that ``tocsin feeds import --default`` adds: world news, defence and institutions, in English.

``default_feeds.opml`` beside this file, in folders by region; each feed's outlet is in ``shared/outlets``.
"""

from importlib.resources import files


def contents() -> bytes:
    """The default feeds as OPML 2.0, which ``shared.feeds.import_opml`` reads."""
    return files(__package__).joinpath("default_feeds.opml").read_bytes()
