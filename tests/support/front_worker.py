"""A Celery application with nothing but the canary: a worker's health without the classifier."""

from shared import names, queue, settings, store
from shared.embedded import resolve_url

_settings = settings.load()
app = queue.application(_settings, resolve_url(_settings))


@app.task(name=names.CANARY)
def canary(token: str) -> None:
    with store.connect(resolve_url(_settings)) as client:
        client.set(_settings.names.heartbeat("worker", token), token, ex=60)
