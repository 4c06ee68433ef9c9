"""Articles in, alerts out.

Takes article keys from the Celery queue, codes each article by the codebook, and writes incidents and
the alerts they ring in one atomic step. Considers every article at least once, announces a change at most
once. Never fetches anything and never talks to a subscriber.
"""
