"""The compose file, the Dockerfile, the settings and the command line say the same."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from shared.settings import Settings
from tests.support.yard import ROOT, Compose, Service, compose, dockerfile, parses, seconds

SERVICES = ("poller", "worker", "notifier", "api")
OURS = (*SERVICES, "cli")
VARIABLES = {f"TOCSIN_{name.upper()}" for name in Settings.model_fields}


@pytest.fixture(scope="module")
def house() -> Compose:
    return compose()


def defaults() -> Settings:
    return Settings.model_construct()


def test_the_compose_file_follows_the_rules_and_holds_every_service(house: Compose) -> None:
    assert set(house.services) == {"redis", *OURS}


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (lambda file: file["services"]["worker"].update(container_name="worker"), "container_name"),
        (lambda file: file["services"]["worker"].update(restart="sometimes"), "restart"),
        (lambda file: file["services"]["worker"].update(restart=False), "restart"),
        (lambda file: file["services"]["api"].update(ports=["8600:86OO"]), "ports"),
        (lambda file: file["services"]["redis"]["command"].append(True), "must be quoted"),
        (lambda file: file["services"]["redis"]["healthcheck"].update(interval="5 s"), "interval"),
        (lambda file: file["services"]["poller"]["environment"].update(A="$HOME"), "dollar"),
        (lambda file: file["volumes"].update(data={"driver": "local"}), "volumes"),
    ],
)
def test_the_rules_catch_slips(slip: Callable[[dict[str, Any]], None], said: str) -> None:
    file = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    file = json.loads(json.dumps({key: value for key, value in file.items() if not key.startswith("x-")}))
    slip(file)

    with pytest.raises(ValidationError, match=said):
        Compose.model_validate(file)


@pytest.mark.parametrize("name", OURS)
def test_each_service_is_built_from_the_target_of_its_name(house: Compose, name: str) -> None:
    build = house.services[name].build

    assert build is not None
    assert build.target == name
    assert dockerfile()[build.target].base == "runtime"


def test_every_dockerfile_target_is_used(house: Compose) -> None:
    used = {service.build.target for service in house.services.values() if service.build}
    assert set(dockerfile()) - {"build", "runtime"} == used


@pytest.mark.parametrize("name", SERVICES)
def test_each_container_runs_and_checks_a_verb_that_exists(house: Compose, name: str) -> None:
    stage, runtime = dockerfile()[name], dockerfile()["runtime"]
    assert [json.loads(entry) for entry in runtime.all("ENTRYPOINT")] == [["tocsin"]]
    (command,) = (json.loads(words) for words in stage.all("CMD"))
    (check,) = (json.loads(words.partition(" CMD ")[2]) for words in stage.all("HEALTHCHECK"))

    assert command == [name]
    assert check[:3] == ["tocsin", "health", name]
    parses(" ".join(["tocsin", *command]))
    parses(" ".join(check))
    assert house.services[name].command is None, "the Dockerfile says what runs"


def test_every_variable_is_a_setting(house: Compose) -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    text += (ROOT / "Dockerfile").read_text(encoding="utf-8")

    assert set(re.findall(r"TOCSIN_[A-Z_]+", text)) <= VARIABLES
    for name in OURS:
        assert set(house.services[name].environment) <= VARIABLES


def test_values_given_in_the_compose_file_are_accepted(
    house: Compose, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in OURS:
        for variable, value in house.services[name].environment.items():
            monkeypatch.setenv(variable, re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value))
        read = Settings(_env_file=None)

        assert read.redis_url == "redis://redis:6379/0"
        assert read.data_dir == Path("/data")


@pytest.mark.parametrize("name", SERVICES)
def test_services_come_back_and_drain_and_wait_for_redis(house: Compose, name: str) -> None:
    service = house.services[name]

    assert service.restart == "unless-stopped"
    assert service.depends_on["redis"].condition == "service_healthy"
    assert service.init, "a worker's children need somebody to collect them"


def test_services_are_given_the_time_that_their_last_work_may_take(house: Compose) -> None:
    grace = {name: seconds(house.services[name].stop_grace_period) for name in SERVICES}

    assert grace["worker"] > defaults().task_time_limit
    assert grace["notifier"] > defaults().delivery_timeout
    assert grace["poller"] > defaults().fetch_timeout


@pytest.mark.parametrize("name", ["poller", "worker", "notifier"])
def test_services_that_scale_claim_no_port_of_the_host(house: Compose, name: str) -> None:
    assert house.services[name].ports == []


def test_the_api_is_published_on_loopback_at_the_port_it_listens_on(house: Compose) -> None:
    api = house.services["api"]
    (port,) = api.ports
    host, _, inside = port.rpartition(":")

    assert host.startswith("127.0.0.1:")
    assert api.environment["TOCSIN_API_PORT"] == inside == str(defaults().api_port)
    assert dockerfile()["api"].all("EXPOSE") == [inside]


def test_redis_keeps_what_it_is_given(house: Compose) -> None:
    redis = house.services["redis"]
    command = " ".join(redis.command or [])

    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    assert "redis:/data" in redis.volumes
    assert redis.healthcheck is not None
    assert redis.ports == [], "Redis has no password here: only the services may reach it"
    assert re.fullmatch(r"valkey/valkey:\d+\.\d+-alpine", redis.image or "")


def test_every_volume_is_declared_and_used(house: Compose) -> None:
    used = {mount.partition(":")[0] for service in house.services.values() for mount in service.volumes}
    assert used == set(house.volumes)


@pytest.mark.parametrize("name", OURS)
def test_our_containers_can_do_little(house: Compose, name: str) -> None:
    service: Service = house.services[name]

    assert service.read_only
    assert service.tmpfs == ["/tmp"]  # noqa: S108  (in the container)
    assert service.cap_drop == ["ALL"]
    assert service.security_opt == ["no-new-privileges:true"]


def test_the_image_runs_as_nobody_in_particular() -> None:
    assert dockerfile()["runtime"].all("USER") == ["tocsin"]
    assert not [stage for stage in (dockerfile()[name] for name in OURS) if stage.all("USER")]


def test_no_secret_stands_in_the_files() -> None:
    for name in ("docker-compose.yml", "Dockerfile", ".env.example"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"(?i)(password|whsec_|secret_key|token)\s*[=:]\s*[\"']?[\w+/]", text), name


def test_the_image_installs_only_what_is_locked() -> None:
    installs = [step for step in dockerfile()["build"].all("RUN") if "pip install" in step]
    for part in " && ".join(installs).split("&&"):
        assert "pip" not in part or any(
            flag in part
            for flag in ("--require-hashes", "--no-deps --no-build-isolation", "--no-deps /wheels")
        )


def test_what_the_image_copies_is_let_through(house: Compose) -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line[1:] for line in ignored if line.startswith("!")}
    copied = {
        source
        for step in dockerfile()["build"].all("COPY")
        if "--from" not in step
        for source in step.split()[:-1]
    }

    assert "*" in ignored
    assert copied == allowed
    assert all((ROOT / source).exists() for source in copied)
