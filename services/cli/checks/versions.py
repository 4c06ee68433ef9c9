"""What is installed: Python, Tocsin, and its dependencies within the ranges that it asks for."""

import platform
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import metadata

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from services.cli.checks.finding import Finding, count, fault, named, ok, warning

CHECK = "versions"


@dataclass(frozen=True)
class Installed:
    """What this Python has, and what Tocsin asks for; ``tocsin`` is empty when it is not installed."""

    tocsin: str
    python: str
    pythons: str = ""
    asked: Iterable[str] = ()
    found: Mapping[str, str] = field(default_factory=dict)


def look() -> Installed:
    """Read the metadata of what is installed; imports nothing of it."""
    python = platform.python_version()
    try:
        ours = metadata.distribution("tocsin")
    except metadata.PackageNotFoundError:
        return Installed("", python)
    asked = ours.requires or []
    return Installed(
        tocsin=ours.version,
        python=python,
        pythons=ours.metadata["Requires-Python"],
        asked=asked,
        found={name: version for line in asked if (version := _version(name := Requirement(line).name))},
    )


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def judge(installed: Installed) -> list[Finding]:
    """What is missing, too old or too new, or one line that all is as it should be."""
    again = (
        "Install Tocsin again with its dependencies: `make run`, or `pip install .` in a fresh environment."
    )
    if not installed.tocsin:
        return [warning(CHECK, f"Tocsin is not installed for Python {installed.python}, only found.", again)]
    if not SpecifierSet(installed.pythons).contains(installed.python, prereleases=True):
        says = f"Tocsin {installed.tocsin} needs Python {installed.pythons}, this is {installed.python}."
        return [fault(CHECK, says, "Install it for one of those.")]
    needed = [asked for line in installed.asked if _applies(asked := Requirement(line))]
    missing = [asked.name for asked in needed if asked.name not in installed.found]
    astray = [
        f"{asked.name} {installed.found[asked.name]} (asks for {asked.specifier})"
        for asked in needed
        if asked.name in installed.found
        and not asked.specifier.contains(installed.found[asked.name], prereleases=True)
    ]
    found = []
    if missing:
        found.append(
            fault(CHECK, f"{count(len(missing), 'package', 'is')} not installed: {named(missing)}.", again)
        )
    if astray:
        found.append(warning(CHECK, f"Versions that Tocsin was not tried with: {named(astray)}.", again))
    machine = f"{platform.system()} {platform.machine()}"
    return found or [
        ok(
            CHECK,
            f"Tocsin {installed.tocsin} on Python {installed.python} ({machine}); "
            f"its {len(needed)} dependencies are as it asks.",
        )
    ]


def _applies(asked: Requirement) -> bool:
    """Whether it is wanted here: not on another platform only, and not in an extra."""
    return asked.marker is None or asked.marker.evaluate({"extra": "", "sys_platform": sys.platform})
