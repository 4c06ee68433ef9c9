"""What is generated from the code says what the code says."""

import json
import os
import runpy
from pathlib import Path

import pytest

from shared.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
GENERATED: dict[Path, str] = runpy.run_path(str(ROOT / "docs" / "generate.py"))["files"]()


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
