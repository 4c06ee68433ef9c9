"""Questions over HTTP in, answers out: alerts, health and metrics.

Reads what the other services keep in Redis. Holds nothing itself, so any number of apis may run. Never
codes, decides or delivers.
"""
