"""``python -m services.api``: the api alone, until stopped."""

import sys

from services.api.service import serve
from shared import lifecycle

if __name__ == "__main__":
    sys.exit(lifecycle.run("api", serve))
