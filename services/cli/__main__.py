"""``python -m services.cli`` is ``tocsin``."""

from services.cli.main import main

main()
