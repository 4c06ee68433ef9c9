"""How often a worker's process looks for garbage: seldom, as nearly all of it goes by itself.

An article's candidates are a thousand small objects that live for some milliseconds and hold no circles. By
default they would be looked through while in use, and every now and then the lexicon and the models too.
"""

import gc

_YOUNG = 50_000
"""Objects more than at the last look from which the young ones are looked through; 700 by default."""


def collect_seldom() -> None:
    """Leave what stands now out of every collection, and collect seldom; for a process that has loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
