"""Who asks, and may he? Bearer keys (RFC 6750), checked against the hashes in Redis at each request."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.api.problems import Problem
from shared import keys
from shared.keys import ApiKey, Scope
from shared.names import Names

if TYPE_CHECKING:
    import redis.asyncio

_bearer = HTTPBearer(auto_error=False, description="A key from `tocsin keys add NAME --scope read`")


def allow(client: "redis.asyncio.Redis", names: Names, needed: Scope) -> Callable[..., Awaitable[ApiKey]]:
    """A dependency that lets in only keys whose scope covers ``needed``, and hands on whose key it is."""

    async def check(
        request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> ApiKey:
        challenge = {"WWW-Authenticate": 'Bearer realm="tocsin"'}
        if given is None:
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "Send a key as `Authorization: Bearer tocsin_...`; `tocsin keys add NAME` makes one.",
                challenge,
            )
        key = await keys.holder(client, names, given.credentials)
        if key is None:
            challenge["WWW-Authenticate"] += ', error="invalid_token"'
            raise Problem(HTTPStatus.UNAUTHORIZED, "This key is not known, or was revoked.", challenge)
        if not key.scope.covers(needed):
            raise Problem(
                HTTPStatus.FORBIDDEN, f"This key has the scope {key.scope}; here {needed} is needed."
            )
        request.state.key = key.name
        return key

    return check
