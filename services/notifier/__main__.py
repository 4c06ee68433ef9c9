"""``python -m services.notifier``: one notifier, until SIGTERM."""

import sys

from services.notifier.service import serve
from shared import lifecycle

if __name__ == "__main__":
    sys.exit(lifecycle.run("notifier", serve))
