"""What the classifier remembers: pending articles, incidents, and the one atomic step that changes them.

``Memory`` is the small interface; ``RedisMemory`` is the service's, ``PlainMemory`` is an empty one inside
the process for replays. The same suite runs against both.
"""

from services.classifier.memory.following import follow
from services.classifier.memory.interface import Candidates, Committed, Memory
from services.classifier.memory.plain import PlainMemory
from services.classifier.memory.redis import RedisMemory

__all__ = ["Candidates", "Committed", "Memory", "PlainMemory", "RedisMemory", "follow"]
