"""The Celery application of the classifier: ``celery -A services.classifier.app worker``.

Reads the settings and the outlets and finds Redis when it is imported, as Celery wants it; what it can't
find it says in one line that tells what to do.
"""

from shared import embedded, outlets, queue, settings

_settings = settings.load()
outlets.load(_settings.outlets)  # fails here with a clear line, not in every process of the pool
app = queue.application(_settings, embedded.resolve_url(_settings))
app.conf.include = ["services.classifier.tasks"]
