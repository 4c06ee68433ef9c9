"""How long what is remembered lives in Redis (DESIGN: incidents 30 days after their last change)."""

from datetime import timedelta

INCIDENTS = timedelta(days=30)
BUCKETS = timedelta(days=35)
"""Longer than the incidents they list: a bucket that expired would forget its version."""
TOLD = timedelta(days=40)
"""Longer than an incident: whoever was told of it is told of its retraction."""
LADDERS = timedelta(days=400)
"""A day's counts, so that a year can be looked back on."""
ARTICLES = timedelta(days=7)
"""After they were considered."""
HANDWORKS = 10_000
"""Works of hands that the audit keeps, however old."""
