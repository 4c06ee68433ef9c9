"""What is generated from the code says what the code says."""

import json
import os
import re
from pathlib import Path

import pytest

from docs import generate
from shared.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
GENERATED = generate.files()
VARIABLES = generate.variables()


@pytest.mark.parametrize("path", GENERATED, ids=[str(path.relative_to(ROOT)) for path in GENERATED])
def test_it_is_current(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == GENERATED[path], "run `make docs` and look at what changed"


def test_the_example_of_settings_says_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every line, taken in, changes nothing: names and values are written as they are read."""
    for name in [name for name in os.environ if name.startswith("TOCSIN_")]:
        monkeypatch.delenv(name)
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    told = dict(line[1:].split("=", 1) for line in lines if line.startswith("#TOCSIN_"))
    before = Settings(_env_file=None)
    for name, value in told.items():
        if value:
            monkeypatch.setenv(name, value)

    assert told.keys() == {f"TOCSIN_{name.upper()}" for name in Settings.model_fields}
    assert Settings(_env_file=None) == before


def test_every_setting_says_what_it_takes() -> None:
    for _, group in VARIABLES:
        for each in group:
            assert each.takes, each.name
            assert each.meaning, each.name


def test_every_variable_that_is_read_is_listed() -> None:
    """In code, compose file and Dockerfile alike: a name that is not listed is a slip of the pen."""
    listed = {each.name for _, group in VARIABLES for each in group}
    read = [path for room in ("services", "shared") for path in (ROOT / room).rglob("*.py")]
    for path in (*read, ROOT / "docker-compose.yml", ROOT / "Dockerfile"):
        named = set(re.findall(r"\bTOCSIN_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8")))
        assert named <= listed, path


def test_no_schema_is_left_of_a_record_that_is_gone() -> None:
    assert set((ROOT / "docs" / "schemas").iterdir()) == {
        path for path in GENERATED if path.parent.name == "schemas"
    }


def test_schemas_are_closed_in_themselves() -> None:
    """No schema points outside its own file."""
    for path, text in GENERATED.items():
        if path.suffix == ".json":
            definitions = set(json.loads(text).get("$defs", {}))
            references = {line.split('"')[3] for line in text.splitlines() if '"$ref"' in line}
            assert references <= {f"#/$defs/{name}" for name in definitions}
