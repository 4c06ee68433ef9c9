"""The vault of a command that seals or opens: never one with a new key beside what the lost one sealed."""

from typing import TYPE_CHECKING

from services.cli.borrowing import redis_client
from shared.errors import BadSetting

if TYPE_CHECKING:
    from shared.settings import Settings
    from shared.vault import Vault


def vault_of(config: "Settings") -> "Vault":
    """The vault to seal with; raises ``BadSetting`` when its key is gone and what it sealed is not.

    A new key beside the old records would be one that opens none of them, and would look like theirs.
    """
    from shared import vault
    from shared.store import guarded

    if vault.is_missing(config):
        with redis_client(config) as client, guarded("counting subscriptions"):
            sealed = int(client.hlen(config.names.subscriptions))
        if sealed:
            many = "1 subscription" if sealed == 1 else f"{sealed} subscriptions"
            where = vault.key_file(config)
            raise BadSetting(f"The key that opens {many} is missing: {where}. {vault.PUT_BACK}")
    return vault.open_vault(config)
