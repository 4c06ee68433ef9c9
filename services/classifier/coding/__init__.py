"""Text in, coded events out; pure: it opens no socket, asks no clock and keeps no state.

``Coder().code(article)`` follows ``docs/coding.md`` and never decides whether to alert.
"""

from services.classifier.coding.coder import CODER_VERSION, Coder

__all__ = ["CODER_VERSION", "Coder"]
