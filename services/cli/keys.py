"""``tocsin keys``: who may use the api."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.borrowing import redis_client
from services.cli.terminal import completing, teaching
from services.cli.terminal.usage import BadUsage
from shared.errors import BadInput
from shared.keys import PREFIX, Scope

if TYPE_CHECKING:
    from shared.settings import Settings

# What these commands work with is imported by each: completion and help need none of it, and it takes time.

ADMIN = "admin"
"""The key that `tocsin up` makes at its first start."""

app = teaching.group(
    "tocsin keys add grafana --scope read",
    "tocsin keys list",
    "tocsin keys revoke grafana",
)


@teaching.command(
    app,
    "add",
    "tocsin keys add grafana                # it may read",
    "tocsin keys add importer --scope write",
    "KEY=$(tocsin keys add script)          # the key alone goes to stdout",
)
def add(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="A name to know it by: a person, a program, a dashboard"),
    ],
    scope: Annotated[
        Scope, typer.Option(metavar="read|write|admin", help="What it may do; each includes the ones before")
    ] = Scope.READ,
) -> None:
    """Make a key and print it, once: only its hash is kept."""
    from shared import keys, settings

    config = settings.load()
    with redis_client(config) as client:
        try:
            print(keys.add(client, config.names, name, scope, now=datetime.now(UTC)))
        except BadInput as exc:
            if name in {each.name for each in keys.everyone(client, config.names)}:
                raise
            raise BadUsage(str(exc)) from exc  # no name at all, for anybody
    print(
        f"Keep it now; it can't be shown again. Use it as `Authorization: Bearer {PREFIX}...`",
        file=sys.stderr,
    )


@teaching.command(app, "list", "tocsin keys list", "tocsin keys list --json | jq -r .name")
def list_keys(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line")] = False,
) -> None:
    """List the keys by name; the keys themselves are not kept."""
    from shared import keys, settings

    config = settings.load()
    with redis_client(config) as client:
        found = keys.everyone(client, config.names)
    if as_json:
        for key in found:
            print(
                json.dumps({"name": key.name, "scope": key.scope, "created_at": key.created_at.isoformat()})
            )
        return
    if not found:
        print("No keys yet: `tocsin keys add NAME --scope read` makes one.")
        return
    from rich.table import Table

    from services.cli.terminal import tables

    table = Table("name", "scope", "created")
    table.columns[0].no_wrap = True  # it is there to be copied
    for key in found:
        table.add_row(key.name, key.scope, f"{key.created_at:%Y-%m-%d %H:%M} UTC")
    tables.show(table)


@teaching.command(app, "revoke", "tocsin keys revoke grafana")
def revoke(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="The name it was added under", autocompletion=completing.api_keys
        ),
    ],
) -> None:
    """End a key: it stops working at once.

    After `admin`, the next `tocsin up` makes a new one.
    """
    from shared import keys, settings

    config = settings.load()
    with redis_client(config) as client:
        keys.revoke(client, config.names, name)
    print(f"{name} is revoked.")
    if name == ADMIN:
        _forget_token(admin_token(config))


def admin_token(config: "Settings") -> Path:
    """The file that holds the ``admin`` key, for this machine's own use."""
    return config.data_dir.expanduser().absolute() / "admin.token"


def _forget_token(token: Path) -> None:
    try:
        token.unlink(missing_ok=True)
    except OSError as exc:
        # Harmless: a revoked key opens nothing, and the next start knows it for one.
        print(f"{token} still holds the dead key ({exc.strerror}): remove it", file=sys.stderr)
        raise typer.Exit(1) from exc
