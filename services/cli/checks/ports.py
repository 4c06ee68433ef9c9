"""The port of the api: free, held by an api of ours, or by somebody else?"""

import errno
import http.client
import json
import socket
from enum import StrEnum

from services.cli.checks.finding import Finding, fault, ok
from shared.settings import Settings

CHECK = "ports"
PATIENCE = 2.0


class Holder(StrEnum):
    """Who has the port."""

    NOBODY = "nobody"
    TOCSIN = "tocsin"
    ANOTHER = "another"
    FORBIDDEN = "forbidden"
    NO_ADDRESS = "no address"


def look(config: Settings) -> Holder:
    """Who has the api's port now; listens on nothing."""
    host, port = config.api_host, config.api_port
    if port == 0:
        return Holder.NOBODY
    # An api that listens on every address is asked on this machine's own.
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    if (answered := _ask(reached, port)) is not None:
        return Holder.TOCSIN if answered else Holder.ANOTHER
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))  # never listened on, so that it is in nobody's way
    except OSError as exc:
        held = {errno.EADDRINUSE: Holder.ANOTHER, errno.EACCES: Holder.FORBIDDEN}
        return held.get(exc.errno or 0, Holder.NO_ADDRESS)
    return Holder.NOBODY


def _ask(host: str, port: int) -> bool | None:
    """Whether a Tocsin answers there; None when nobody takes the call."""
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.connect()
    except OSError:
        connection.close()
        return None
    try:
        connection.request("GET", "/healthz")
        answer = json.loads(connection.getresponse().read(1000))
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()
    return bool(answer == {"status": "alive"})


def judge(holder: Holder, host: str, port: int) -> list[Finding]:
    """What is the matter with the port, or one line that it is well."""
    at = f"{host}:{port}"
    if holder is Holder.TOCSIN:
        return [ok(CHECK, f"An api of ours answers on {at}.")]
    if holder is Holder.NOBODY:
        return [ok(CHECK, f"{at} is free for the api." if port else "The api takes any free port.")]
    another = port + 1 if port < 65_535 else 8600
    other = f"Set TOCSIN_API_PORT to another port, for example TOCSIN_API_PORT={another}"
    if holder is Holder.ANOTHER:
        return [
            fault(
                CHECK,
                f"Another program listens on {at}, where the api should.",
                f"Stop that one, or s{other[1:]}",
            )
        ]
    if holder is Holder.FORBIDDEN:
        return [fault(CHECK, f"The api may not listen on {at}: ports below 1024 are root's.", other)]
    return [
        fault(
            CHECK,
            f"The api can't listen on {host}, which is no address of this machine.",
            "Set TOCSIN_API_HOST to one that is, for example TOCSIN_API_HOST=127.0.0.1",
        )
    ]
