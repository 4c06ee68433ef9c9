"""``tocsin keys``: who may use the api."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from shared import keys, settings, store
from shared.embedded import borrowed
from shared.keys import Scope
from shared.settings import Settings

ADMIN = "admin"
"""The key that `tocsin up` makes at its first start."""

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="A name to know it by: a person, a program, a dashboard.")],
    scope: Annotated[Scope, typer.Option(help="What it may do; each includes the ones before.")] = Scope.READ,
) -> None:
    """Make a key and print it, once: only its hash is kept.

    Example: tocsin keys add grafana --scope read
    """
    config = settings.load()
    with borrowed(config) as url, store.connect(url) as client:
        print(keys.add(client, config.names, name, scope, now=datetime.now(UTC)))
    Console(stderr=True).print(
        f"Keep it now; it can't be shown again. Use it as `Authorization: Bearer {keys.PREFIX}...`"
    )


@app.command("list")
def list_keys(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array instead of a table.")] = False,
) -> None:
    """List the keys by name; the keys themselves are not kept."""
    config = settings.load()
    with borrowed(config) as url, store.connect(url) as client:
        found = keys.everyone(client, config.names)
    if as_json:
        rows = [{"name": k.name, "scope": k.scope, "created_at": k.created_at.isoformat()} for k in found]
        print(json.dumps(rows))
        return
    table = Table("name", "scope", "created")
    for key in found:
        table.add_row(key.name, key.scope, f"{key.created_at:%Y-%m-%d %H:%M} UTC")
    Console().print(table if found else "No keys yet: `tocsin keys add NAME --scope read` makes one.")


@app.command()
def revoke(name: Annotated[str, typer.Argument(help="The name it was added under.")]) -> None:
    """End a key: it stops working at once. (After `admin`, the next `tocsin up` makes a new one.)"""
    config = settings.load()
    with borrowed(config) as url, store.connect(url) as client:
        keys.revoke(client, config.names, name)
    if name == ADMIN:
        admin_token(config).unlink(missing_ok=True)
    print(f"{name} is revoked.")


def admin_token(config: Settings) -> Path:
    """The file that holds the ``admin`` key, for this machine's own use."""
    return config.data_dir.expanduser().absolute() / "admin.token"
