"""State of the house in, system events out: so that silence is never ambiguous (ADR 0022).

One notifier at a time looks every half minute at what Redis knows of feeds, queue, services and endpoints,
and rings ``system.degraded`` when a trouble begins, lasts or is over, and ``system.heartbeat`` in between.
Never decides whether news rings, and never mends anything.
"""
