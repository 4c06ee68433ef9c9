"""The Celery application of the classifier: ``celery -A services.classifier.app worker``.

Reads the settings and finds Redis when it is imported, as Celery wants it; what it can't find it says in
one line that tells what to do.
"""

from shared import embedded, queue, settings

_settings = settings.load()
app = queue.application(_settings, embedded.resolve_url(_settings))
app.conf.include = ["services.classifier.tasks"]
