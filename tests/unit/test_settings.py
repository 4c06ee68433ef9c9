"""A setting that can't be used is told at once, in one line that names it; secrets are never repeated."""

import os
from pathlib import Path

import pytest

from shared.errors import BadSetting
from shared.settings import load


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of this machine, and an empty directory for ``.env``."""
    for name in [name for name in os.environ if name.startswith("TOCSIN_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def fault(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> str:
    """What is said when ``TOCSIN_NAME`` has this value."""
    monkeypatch.setenv(f"TOCSIN_{name.upper()}", value)
    with pytest.raises(BadSetting, match=f"TOCSIN_{name.upper()}") as caught:
        load()
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("log_level", "LOUD", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("log_format", "xml", "'auto', 'json' or 'console'"),
        ("redis_fsync", "sometimes", "'everysec', 'always' or 'no'"),
        ("redis_maxmemory", "1.5gb", "512mb"),
        ("redis_maxmemory", "-1", "512mb"),
        ("redis_maxmemory", "1tb", "512mb"),
        ("retry_schedule", "5,inf", "above 0"),
        ("retry_schedule", "5,nan", "above 0"),
        ("retry_schedule", "0", "above 0"),
        ("retry_schedule", "5,soon", "'soon'"),
        ("key_prefix", "", "word"),
        ("key_prefix", "to csin", "word"),
        ("key_prefix", "tocsin*", "word"),
        ("key_prefix", "{tocsin}", "word"),
        ("user_agent", "Tocsin\nX-Evil: 1", "one line"),
        ("allow_networks", "10.20.1.1/16", "write 10.20.0.0/16, or 10.20.1.1 alone"),
        ("data_dir", "~nobody-of-that-name/x", "in full"),
        ("outlets", "~nobody-of-that-name/x", "in full"),
        ("api_port", "x", "'x'"),
    ],
)
def test_a_value_that_can_not_be_used_is_told_with_one_that_can(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    said = fault(monkeypatch, name, value)
    assert words in said
    assert "\n" not in said


@pytest.mark.parametrize(
    "url", ["http://:hidden@example.org", "localhost:6379/hidden", "REDIS://hidden", "redis://hidden:port/0"]
)
def test_a_redis_url_of_another_kind_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    said = fault(monkeypatch, "redis_url", url)
    assert "redis://localhost:6379/0" in said
    assert "hidden" not in said


def test_a_network_that_is_none_is_one_fault_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    said = fault(monkeypatch, "allow_networks", "10.0.0.0/8,banana")
    assert "banana is not a network" in said
    assert said.count("TOCSIN_ALLOW_NETWORKS") == 1


def test_every_bad_variable_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_LOG_FORMAT", "xml")
    assert "TOCSIN_LOG_FORMAT" in fault(monkeypatch, "api_port", "x")


def test_an_env_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("TOCSIN_USER_AGENT=Café\n".encode("latin-1"))
    with pytest.raises(BadSetting, match=r"\.env.*UTF-8"):
        load()


def test_usual_spellings_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "LOG_LEVEL": "warning",
        "REDIS_URL": "",
        "REDIS_MAXMEMORY": "512MB",
        "DATA_DIR": "~/bells",
        "ALLOW_NETWORKS": "10.0.0.1, fd00::/8,",
        "KEY_PREFIX": "tocsin:two",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"TOCSIN_{name}", value)
    config = load()
    assert (config.log_level, config.redis_url, config.redis_maxmemory) == ("WARNING", None, "512MB")
    assert config.data_dir == Path.home() / "bells"
    assert [str(network) for network in config.allow_networks] == ["10.0.0.1/32", "fd00::/8"]
