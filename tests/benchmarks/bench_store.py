"""What an atomic step costs: a commit reduced to its bones, beside a bare append to the same stream.

The floor is ``XADD`` alone, one call at a time, as nothing that keeps alerts can do less. The step is one Lua
script that takes an article out of ``pending`` and appends only if it was there, which is what makes a
repeated commit harmless; the same two commands as a transaction without that test stand beside it.
"""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shared.embedded import Server
from shared.settings import Settings
from shared.store import connect
from tests.benchmarks.measuring import Bar, Result, in_turns

CALLS = 1_000
ALERT = json.dumps({"headline": "x" * 200, "event": {"actors": ["y" * 50] * 8}, "sources": ["z" * 100] * 8})
STEP = """
if redis.call('ZREM', KEYS[1], ARGV[1]) == 1 then
  return redis.call('XADD', KEYS[2], '*', 'alert', ARGV[2])
end
"""


def bench() -> Result:
    with (
        tempfile.TemporaryDirectory(prefix="tocsin-") as folder,
        Server(Settings(_env_file=None, redis_url=None, data_dir=Path(folder))) as server,
        connect(server.url) as client,
    ):
        rates = in_turns(contestants(client))
    step, floor = "one step in Lua", "plain XADD"
    ratio = rates[step] / rates[floor]
    return Result("commits", rates, floor, bars={f"{step} / {floor}": Bar(ratio, 0.5)})


def contestants(client: Any) -> dict[str, Callable[[], int]]:
    """The ways to append ``CALLS`` alerts to a stream that starts empty."""
    script = client.register_script(STEP)

    def fresh() -> None:
        client.delete("alerts", "pending")
        client.zadd("pending", {f"art_{number}:1": number for number in range(CALLS)})

    def plain() -> int:
        fresh()
        for _ in range(CALLS):
            client.xadd("alerts", {"alert": ALERT})
        return CALLS

    def transaction() -> int:
        fresh()
        for number in range(CALLS):
            with client.pipeline(transaction=True) as pipe:
                pipe.zrem("pending", f"art_{number}:1").xadd("alerts", {"alert": ALERT}).execute()
        return CALLS

    def step() -> int:
        fresh()
        for number in range(CALLS):
            script(keys=["pending", "alerts"], args=[f"art_{number}:1", ALERT])
        return CALLS

    return {"plain XADD": plain, "two commands in MULTI": transaction, "one step in Lua": step}
