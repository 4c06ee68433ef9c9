"""Who hears of an alert, when, and why: alerts, subscriptions and what was told before, in; decisions out.

``deciding`` says who hears of it; ``quiet`` and ``pacing`` when; ``muting`` what nobody wants to hear of now;
``story`` what a late listener missed. All of it opens nothing.
"""

from services.notifier.routing.deciding import CORRECTIONS, Decision, Route, Told, Why, decide, wants

__all__ = ["CORRECTIONS", "Decision", "Route", "Told", "Why", "decide", "wants"]
