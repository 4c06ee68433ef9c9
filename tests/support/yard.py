"""Reads what ships beside the code: compose file, Dockerfile, command lines in documents.

The models hold the rules of the Compose specification for the parts that we use, and refuse the rest: a
new key must first be understood here.
"""

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import typer.main
import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from services.cli.main import build

ROOT = Path(__file__).resolve().parents[2]

Name = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9._-]+$")]
Duration = Annotated[str, StringConstraints(pattern=r"^(\d+h)?(\d+m)?(\d+s)?$", min_length=2)]
Port = Annotated[
    str, StringConstraints(pattern=r"^((\d{1,3}(\.\d{1,3}){3}):)?((\d+|\$\{\w+:-\d+\}):)?\d+(/(tcp|udp))?$")
]
Mount = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9._-]*:/[\w/.-]+(:(ro|rw))?$")]


def _interpolates(text: str) -> str:
    """Only ``${NAME}``, ``${NAME:-default}`` and ``$$`` are used; any other dollar is a slip of the pen."""
    if "$" in re.sub(r"\$\$|\$\{[A-Z_]+(:-[^${}]*)?\}", "", text):
        raise ValueError(f"{text!r} has a dollar that is neither ${{NAME}}, ${{NAME:-default}} nor $$")
    return text


Text = Annotated[str, AfterValidator(_interpolates)]


def _not_a_yaml_surprise(value: Any) -> Any:
    """``yes``, ``no`` and bare numbers are not what they look like in YAML: they must be quoted."""
    if isinstance(value, bool | int | float):
        raise ValueError(f"{value!r} must be quoted")
    return value


Environment = dict[Name, Annotated[Text, BeforeValidator(_not_a_yaml_surprise)]]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Build(Strict):
    context: str
    target: Name


class EnvFile(Strict):
    path: str
    required: bool


class Condition(Strict):
    condition: Literal["service_started", "service_healthy", "service_completed_successfully"]


class Healthcheck(Strict):
    test: list[Text]
    interval: Duration
    timeout: Duration
    retries: Annotated[int, Field(ge=1)]
    start_period: Duration


class Logging(Strict):
    driver: Literal["json-file"]
    options: dict[Name, str]


class Network(Strict):
    internal: bool


class Service(Strict):
    """One service, bounded so that it can't take the host with it.

    ``container_name`` and ``deploy`` are absent on purpose: the first forbids scaling.
    """

    image: Text | None = None
    pull_policy: Literal["never"] | None = None
    build: Build | None = None
    command: list[Annotated[Text, BeforeValidator(_not_a_yaml_surprise)]] | None = None
    restart: Literal["no", "always", "on-failure", "unless-stopped"]
    init: bool = False
    user: Name | None = None
    pids_limit: int
    mem_limit: Annotated[str, StringConstraints(pattern=r"^\d+[mg]$")] | None = None
    logging: Logging
    read_only: bool = False
    tmpfs: list[str] = []
    cap_drop: list[str] = []
    security_opt: list[str] = []
    env_file: list[EnvFile] = []
    environment: Environment = {}
    depends_on: dict[Name, Condition] = {}
    networks: list[Name]
    ports: list[Port] = []
    volumes: list[Mount] = []
    healthcheck: Healthcheck | None = None
    stop_grace_period: Duration = "10s"
    stdin_open: bool = False
    profiles: list[Name] = []


class Compose(Strict):
    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    services: dict[Name, Service]
    networks: dict[Name, Network | None]
    volumes: dict[Name, None]


def compose() -> Compose:
    """The compose file by our rules; extensions (``x-...``) are only anchors and are left out."""
    found = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return Compose.model_validate({key: value for key, value in found.items() if not key.startswith("x-")})


def seconds(duration: str) -> int:
    units = {"h": 3600, "m": 60, "s": 1}
    return sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+)([hms])", duration))


@dataclass
class Stage:
    """One stage of the Dockerfile: what it stands on and its instructions in order."""

    base: str
    instructions: list[tuple[str, str]] = field(default_factory=list)

    def all(self, word: str) -> list[str]:
        return [rest for found, rest in self.instructions if found == word]


def dockerfile() -> dict[str, Stage]:
    """The stages of the Dockerfile by name."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    text = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    stages: dict[str, Stage] = {}
    current: Stage | None = None
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            current = stages[name] = Stage(base)
        elif word and current is not None:
            current.instructions.append((word, rest.strip()))
    return stages


def parses(line: str) -> None:
    """Hold a ``tocsin ...`` line against the real command line without running it.

    Raises typer's usage error for a word, option or argument that does not exist or is missing.
    """
    words = shlex.split(line, comments=True)
    assert words[0] == "tocsin", line
    if words[1:] == ["--version"]:
        return
    wanted = next((word for word in words[1:] if not word.startswith("-")), None)
    command: Any = typer.main.get_command(build(wanted))
    rest, parent = words[1:], None
    while True:
        context = command.make_context(command.name or "tocsin", rest, parent=parent)
        if not hasattr(command, "resolve_command"):  # not a group: its own options were parsed above
            return
        # A group keeps the sub-command's name apart from what follows it.
        rest = [*context._protected_args, *context.args]
        if not rest and command.invoke_without_command:
            return
        _, found, rest = command.resolve_command(context, rest)
        command, parent = found, context


def exists(words: list[str]) -> bool:
    """Whether these words name a command, and after a group, one of its own; arguments are not looked at."""
    command: Any = typer.main.get_command(build(words[0]))
    for word in words:
        if not hasattr(command, "commands"):
            return True
        if word not in command.commands:
            return False
        command = command.commands[word]
    return True


def command_lines(text: str) -> list[str]:
    """Every ``tocsin ...`` line in the fenced shell blocks of a Markdown page, without its prompt."""
    found: list[str] = []
    for block in re.findall(r"^```(?:sh|console|bash)\n(.*?)^```", text, flags=re.M | re.S):
        for line in re.sub(r"\\\n\s*", "", block).splitlines():
            line = re.sub(
                r"^\s*(\$ )?(docker compose run --rm cli )?", lambda m: "tocsin " if m[2] else "", line
            )
            line = re.sub(r"^\w+=\$\((.*)\)$", r"\1", line)  # NAME=$(tocsin ...)
            line = re.split(r"\s+(?:#|\||>|<|&&)\s?", line)[0]
            if line.startswith("tocsin ") and "..." not in line:
                found.append(line)
    return found


def files(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))
