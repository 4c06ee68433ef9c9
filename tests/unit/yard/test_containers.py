"""The compose file, the Dockerfile, the settings and the command line say the same."""

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from services.api.service import DRAIN_WITHIN as API_DRAIN
from services.poller.service import DRAIN as POLLER_DRAIN
from shared.settings import Settings
from tests.support.yard import ROOT, Compose, Network, Stage, compose, dockerfile, files, parses, seconds

SERVICES = ("poller", "worker", "notifier", "api")
OURS = (*SERVICES, "cli")
EVERYONE = ("redis", *OURS)
VARIABLES = {f"TOCSIN_{name.upper()}" for name in Settings.model_fields}
FILES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("docker-compose.yml", "Dockerfile")}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def written() -> dict[str, Any]:
    """The compose file with its anchors resolved, each service a copy of its own."""
    found = yaml.safe_load(FILES["docker-compose.yml"])
    told: dict[str, Any] = json.loads(json.dumps(found))
    return {key: value for key, value in told.items() if not key.startswith("x-")}


@pytest.fixture(scope="module")
def house() -> Compose:
    return compose()


def defaults() -> Settings:
    return Settings.model_construct()


def stage(name: str) -> Stage:
    return dockerfile()[name]


# ---- the file as a whole ------------------------------------------------------------------------


def test_the_compose_file_follows_the_rules_and_holds_every_service(house: Compose) -> None:
    assert set(house.services) == set(EVERYONE)


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (lambda file: file["services"]["worker"].update(container_name="worker"), "container_name"),
        (lambda file: file["services"]["worker"].update(restart="sometimes"), "restart"),
        (lambda file: file["services"]["worker"].update(restart=False), "restart"),
        (lambda file: file["services"]["worker"].update(mem_limit="2gb of it"), "mem_limit"),
        (lambda file: file["services"]["worker"].pop("pids_limit"), "pids_limit"),
        (lambda file: file["services"]["api"].update(ports=["8600:86OO"]), "ports"),
        (lambda file: file["services"]["api"].update(volumes=["./data:/data"]), "volumes"),
        (lambda file: file["services"]["api"].update(privileged=True), "privileged"),
        (lambda file: file["services"]["redis"]["command"].append(True), "must be quoted"),
        (lambda file: file["services"]["redis"]["healthcheck"].update(interval="5 s"), "interval"),
        (lambda file: file["services"]["poller"]["environment"].update(A="$HOME"), "dollar"),
        (lambda file: file["volumes"].update(data={"driver": "local"}), "volumes"),
    ],
)
def test_the_rules_catch_slips(slip: Callable[[dict[str, Any]], object], said: str) -> None:
    file = written()
    slip(file)

    with pytest.raises(ValidationError, match=said):
        Compose.model_validate(file)


def test_compose_itself_reads_the_file() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True).returncode:
        pytest.skip("there is no Docker client with Compose on this machine")

    asked = [docker, "compose", "-f", "docker-compose.yml", "--profile", "tools", "config", "--quiet"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (told.returncode, told.stderr) == (0, "")


def test_every_variable_is_a_setting(house: Compose) -> None:
    assert set(re.findall(r"TOCSIN_[A-Z_]+", "".join(FILES.values()))) <= VARIABLES
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


def test_no_secret_stands_in_the_files() -> None:
    for name in (*FILES, ".env.example"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"(?i)(password|whsec_|secret_key|token)\s*[=:]\s*[\"']?[\w+/]", text), name


# ---- each container -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", SERVICES)
def test_each_container_runs_and_checks_a_verb_that_exists(house: Compose, name: str) -> None:
    service = house.services[name]

    assert service.command == [name]
    parses(f"tocsin {name}")
    assert service.healthcheck is not None
    assert service.healthcheck.test[:4] == ["CMD", "tocsin", "health", name]
    parses(" ".join(service.healthcheck.test[1:]))


def test_a_check_that_waits_for_an_answer_is_given_the_time(house: Compose) -> None:
    check = house.services["worker"].healthcheck

    assert check is not None
    assert seconds(check.timeout) > int(check.test[check.test.index("--timeout") + 1])


def test_commands_told_in_the_compose_file_can_be_typed() -> None:
    told = re.findall(r"docker compose run .*?cli (.+)", FILES["docker-compose.yml"])

    assert told
    for words in told:
        parses(f"tocsin {words}")


@pytest.mark.parametrize("name", EVERYONE)
def test_a_container_can_do_little(house: Compose, name: str) -> None:
    service = house.services[name]

    assert service.read_only
    assert service.cap_drop == ["ALL"]
    assert service.security_opt == ["no-new-privileges:true"]
    assert all(re.fullmatch(r"/tmp:size=\d+m", place) for place in service.tmpfs)  # noqa: S108
    assert service.tmpfs
    assert set(service.logging.options) == {"max-size", "max-file"}


@pytest.mark.parametrize("name", OURS)
def test_ours_are_bounded_in_memory_and_collect_their_children(house: Compose, name: str) -> None:
    assert house.services[name].mem_limit
    assert house.services[name].init, "a worker's children need somebody to collect them"


@pytest.mark.parametrize("name", SERVICES)
def test_services_come_back_and_wait_for_redis(house: Compose, name: str) -> None:
    service = house.services[name]

    assert service.restart == "unless-stopped"
    assert service.depends_on["redis"].condition == "service_healthy"
    assert not service.profiles


def test_services_are_given_the_time_that_their_last_work_may_take(house: Compose) -> None:
    grace = {name: seconds(house.services[name].stop_grace_period) for name in SERVICES}

    assert grace["worker"] > defaults().task_time_limit
    assert grace["notifier"] > defaults().delivery_timeout
    assert grace["poller"] > max(defaults().fetch_timeout, POLLER_DRAIN)
    assert grace["api"] > API_DRAIN


@pytest.mark.parametrize("name", ["poller", "worker", "notifier"])
def test_services_that_scale_claim_no_port_of_the_host(house: Compose, name: str) -> None:
    assert house.services[name].ports == []


def test_the_api_is_published_on_loopback_at_the_port_it_listens_on(house: Compose) -> None:
    api = house.services["api"]
    (port,) = api.ports
    host, _, inside = port.rpartition(":")

    assert host.startswith("127.0.0.1:")
    assert api.environment["TOCSIN_API_HOST"] == "0.0.0.0"  # noqa: S104  (in the container)
    assert api.environment["TOCSIN_API_PORT"] == inside == str(defaults().api_port)
    assert stage("runtime").all("EXPOSE") == [inside]


def test_who_needs_the_key_shares_the_volume_it_lies_in(house: Compose) -> None:
    with_data = {name for name, service in house.services.items() if "data:/data" in service.volumes}
    users = {
        path.relative_to(ROOT).parts[1]
        for path in files("services")
        if "open_vault(" in path.read_text(encoding="utf-8")
    }

    assert users <= with_data
    assert "install -d -m 0700 -o tocsin -g tocsin /data" in " ".join(stage("runtime").all("RUN"))


def test_redis_keeps_what_it_is_given(house: Compose) -> None:
    redis = house.services["redis"]
    command = " ".join(redis.command or [])

    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    assert redis.mem_limit is None, "to be killed near the limit is worse than to refuse a write"
    assert "redis:/data" in redis.volumes
    assert redis.healthcheck is not None
    assert redis.user == "valkey", "as root its entrypoint needs capabilities"
    assert re.fullmatch(r"valkey/valkey:\d+\.\d+-alpine", redis.image or "")


def test_only_our_services_reach_redis(house: Compose) -> None:
    """It has no password."""
    redis = house.services["redis"]

    assert redis.ports == []
    assert redis.networks == ["store"]
    assert house.networks["store"] == Network(internal=True)
    for name in OURS:
        assert set(house.services[name].networks) == {"default", "store"}


def test_every_volume_and_network_is_declared_and_used(house: Compose) -> None:
    mounted = {mount.partition(":")[0] for service in house.services.values() for mount in service.volumes}
    joined = {name for service in house.services.values() for name in service.networks}

    assert mounted == set(house.volumes)
    assert joined == set(house.networks)
