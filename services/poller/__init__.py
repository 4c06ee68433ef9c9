"""Feeds in, articles out.

Polls each feed when it is due, takes what is new into Redis in one atomic step, and only then tells the
classifier by a Celery message that carries ids. Takes every article at least once. Never judges what an
article means.
"""
