"""A filter on the command line may stand in a file."""

import json
from pathlib import Path

import pytest

from services.cli.filter_file import MAX_BYTES, filter_of
from services.cli.terminal.usage import BadUsage
from shared.filters import MAX_LENGTH, parse

NEAR = {
    "any": [{"field": "severity", "op": ">=", "value": "Severe"}, {"field": "killed", "op": ">", "value": 9}]
}


def test_what_is_typed_is_the_filter() -> None:
    assert filter_of("severity>=Severe") == "severity>=Severe"
    assert filter_of(json.dumps(NEAR)) == json.dumps(NEAR)


def test_a_file_is_read_and_its_indentation_does_not_count(tmp_path: Path) -> None:
    file = tmp_path / "near.json"
    file.write_text(json.dumps(NEAR, indent=900), encoding="utf-8-sig")
    assert len(file.read_bytes()) > MAX_LENGTH
    assert parse(filter_of(f"@{file}")) == parse(json.dumps(NEAR))


def test_a_file_may_hold_the_shorthand(tmp_path: Path) -> None:
    file = tmp_path / "short"
    file.write_text('place="a,  b"\n', encoding="utf-8")
    assert filter_of(f"@{file}") == 'place="a,  b"'


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadUsage, match="No such file"):
        filter_of(f"@{tmp_path}/none")
    with pytest.raises(BadUsage, match="can't read"):
        filter_of("@")
    odd = tmp_path / "odd"
    odd.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadUsage, match="UTF-8"):
        filter_of(f"@{odd}")
    odd.write_bytes(b"x" * (MAX_BYTES + 1))
    with pytest.raises(BadUsage, match="larger than"):
        filter_of(f"@{odd}")
    odd.write_text("é" * MAX_BYTES, "utf-8")
    with pytest.raises(BadUsage, match="larger than"):
        filter_of(f"@{odd}")
