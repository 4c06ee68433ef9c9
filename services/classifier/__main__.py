"""``python -m services.classifier`` is ``celery``, with our application imported before Celery looks for it.

Celery puts the current directory in front of the path while it looks, and would run a ``services`` there.
"""

import sys

from celery.__main__ import main

from shared.errors import TocsinError

try:
    import services.classifier.tasks  # noqa: F401  (with all that it needs)
except TocsinError as exc:
    sys.exit(f"tocsin worker: {exc}")

main()
