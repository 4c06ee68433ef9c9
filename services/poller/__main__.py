"""``python -m services.poller``: one poller, until SIGTERM or Ctrl-C."""

import sys

from services.poller.service import serve
from shared import lifecycle

if __name__ == "__main__":
    sys.exit(lifecycle.run("poller", serve))
