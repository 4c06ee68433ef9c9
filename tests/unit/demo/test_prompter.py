"""What the prompter keeps of a bad day: the last words of who fails, short enough for one sentence."""

import json

from services.cli.demo.prompter import Prompter

TRACEBACK = """\
Traceback (most recent call last):
  File "worker.py", line 1, in <module>
    start()
KeyError: 'uid'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "worker.py", line 2, in start
    raise SecurityWarning
          ^^^^^^^^^^^^^^^
SecurityWarning: You're running the worker with superuser privileges
"""


def heard(*lines: str, speaker: str = "worker") -> str:
    """The last words of a house in which these lines were said; blank ones never come through its pipes."""
    prompter = Prompter()
    for line in lines:
        if line.strip():
            prompter.say(speaker, line.rstrip())
    return prompter.last_words()


def test_of_a_traceback_only_what_happened_is_kept() -> None:
    assert (
        heard(*TRACEBACK.splitlines())
        == "worker: SecurityWarning: You're running the worker with superuser privileges"
    )


def test_the_same_end_told_three_times_is_one() -> None:
    assert heard(*(TRACEBACK * 3).splitlines()) == heard(*TRACEBACK.splitlines())


def test_a_warning_of_the_log_is_kept_with_its_error() -> None:
    line = json.dumps({"event": "feed failed", "level": "warning", "error": "no answer"})
    assert heard(line, json.dumps({"event": "polled", "level": "info"})) == "worker: feed failed no answer"


def test_last_words_are_few_and_each_is_short() -> None:
    said = heard(*(f"{number} {'x' * 5000}" for number in range(100)))
    assert len(said) < 1000
    assert "worker: 99 xxx" in said
    assert "worker: 1 xxx" not in said


def test_what_the_supervisor_says_is_no_complaint() -> None:
    assert heard("worker ended with status 1; starting it again in 1.0 s", speaker="tocsin") == ""
