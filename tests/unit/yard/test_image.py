"""One image, small and locked, that holds what every service needs and nothing to break in with."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.support.yard import ROOT, Compose, Stage, compose, dockerfile, files, parses

SERVICES = ("poller", "worker", "notifier", "api")
OURS = (*SERVICES, "cli")
FILES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("docker-compose.yml", "Dockerfile")}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def house() -> Compose:
    return compose()


def stage(name: str) -> Stage:
    return dockerfile()[name]


# ---- one image ----------------------------------------------------------------------------------


def test_all_of_ours_are_one_image_of_this_version_that_nobody_pulls(house: Compose) -> None:
    ours = [house.services[name] for name in OURS]
    told = re.findall(r"tocsin:\d[\w.]*", (ROOT / "docs" / "operating.md").read_text(encoding="utf-8"))

    assert {*told, *(service.image for service in ours)} == {f"tocsin:{PROJECT['version']}"}
    assert {service.pull_policy for service in ours} == {"never"}


def test_starting_the_house_builds_once(house: Compose) -> None:
    """Two builds of one name at the same time fail on some versions of Docker."""
    with_a_build = {name: service for name, service in house.services.items() if service.build}

    assert len([name for name, service in with_a_build.items() if not service.profiles]) == 1
    # The command line may come first, and alone: `docker compose run` builds what it runs.
    assert house.services["cli"].profiles
    assert set(with_a_build) - {"cli"} <= set(SERVICES)
    assert {(build.context, build.target) for s in with_a_build.values() if (build := s.build)} == {
        (".", "runtime")
    }


def test_images_are_named_with_a_version_and_no_registry(house: Compose) -> None:
    (default,) = re.findall(r"^ARG PYTHON=(\S+)$", FILES["Dockerfile"], flags=re.M)
    bases = [stage.base.replace("${PYTHON}", default) for stage in dockerfile().values()]
    images = [service.image or "" for service in house.services.values()]

    for image in {*bases, *images}:
        assert re.fullmatch(r"([a-z]+/)?[a-z]+:\d+\.\d+(\.\d+)?(-[a-z-]+)?", image), image
    (python,) = {re.split("[:-]", base)[1] for base in bases}
    assert SpecifierSet(PROJECT["requires-python"]).contains(python)


def test_the_image_runs_as_nobody_in_particular_and_says_so_in_a_number() -> None:
    (user,) = stage("runtime").all("USER")
    made = " ".join(stage("runtime").all("RUN"))

    assert re.fullmatch(r"(\d{5,}):\1", user)
    assert f"--uid {user.partition(':')[0]} --user-group" in made, "a group without a name alarms Celery"


def test_plain_docker_shows_the_help_and_checks_nothing() -> None:
    assert stage("runtime").all("ENTRYPOINT") == ['["tocsin"]']
    assert stage("runtime").all("CMD") == ['["--help"]']
    assert stage("runtime").all("HEALTHCHECK") == ["NONE"]
    for line in re.findall(r"^# .*?\"(tocsin health \w+)\"", FILES["Dockerfile"], flags=re.M):
        parses(line)


def test_the_image_installs_only_what_is_locked() -> None:
    installs = [step for step in stage("build").all("RUN") if "pip" in step]
    for part in " && ".join(installs).split("&&"):
        assert "pip" not in part.replace("--without-pip", "") or any(
            flag in part
            for flag in ("--require-hashes", "--no-deps --no-build-isolation", "--no-deps /wheels")
        ), part


def test_the_image_ships_no_pip_and_no_compiler() -> None:
    assert "--without-pip" in " ".join(stage("build").all("RUN"))
    assert not re.search(r"\b(pip|apt-get|apk)\b", " ".join(stage("runtime").all("RUN")))
    assert stage("runtime").all("COPY") == ["--from=build /opt/tocsin /opt/tocsin"]


def test_what_the_image_copies_is_let_through() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line[1:] for line in ignored if line.startswith("!")}
    copied = {source for step in stage("build").all("COPY") for source in step.split()[:-1]}

    assert "*" in ignored
    assert copied == allowed
    assert all((ROOT / source).exists() for source in copied)


def test_every_room_can_be_imported_as_the_build_does_it(tmp_path: Path) -> None:
    (step,) = (step for step in stage("build").all("RUN") if "walk_packages" in step)
    words = shlex.split(step)
    given = dict(word.split("=", 1) for word in words if re.match(r"[A-Z_]+=", word))
    (runtime,) = stage("runtime").all("ENV")
    where = tmp_path / "bytecode"

    assert f"PYTHONPYCACHEPREFIX={given['PYTHONPYCACHEPREFIX']} " in runtime, "else it would not be found"
    subprocess.run(
        [sys.executable, "-c", words[-1]],
        env={"PATH": os.defpath, **given, "PYTHONPYCACHEPREFIX": str(where)},
        cwd=ROOT,
        check=True,
    )
    left_out = {
        path.stem
        for room in ("services", "shared")
        for path in files(room)
        if "training" not in path.parts
        and not (
            where / path.parent.relative_to("/") / f"{path.stem}.{sys.implementation.cache_tag}.pyc"
        ).exists()
    }
    assert left_out == {"__main__"}
    assert {"celery", "asyncio"} <= {file.parent.name for file in where.rglob("*.pyc")}


def test_what_the_image_leaves_out_of_babel_is_used_by_nobody() -> None:
    assert "babel/locale-data" in " ".join(stage("build").all("RUN"))
    users = {
        canonicalize_name(found.metadata["Name"])
        for found in metadata.distributions()
        for wanted in map(Requirement, found.requires or [])
        if canonicalize_name(wanted.name) == "babel"
        and (wanted.marker is None or wanted.marker.evaluate({"extra": ""}))
    }
    assert users == {"courlan"}

    ours = [path.read_text(encoding="utf-8") for room in ("services", "shared") for path in files(room)]
    # Given no language, neither of these two asks for one.
    assert set(re.findall(r"\bcourlan\.(\w+)", "\n".join(ours))) == {"clean_url", "extract_domain"}
    assert not re.search(r"courlan\.\w+\([^\n]*language", "\n".join(ours))
