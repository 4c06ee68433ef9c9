"""What goes around every request: an id to find it by, and headers that keep a browser careful."""

import re
import secrets

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID = "x-request-id"
_USABLE = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_CAREFUL = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


class Envelope:
    """Gives each request an id (the client's own, when usable) in ``state``, log and response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = choose_id(dict(scope["headers"]).get(REQUEST_ID.encode()))
        scope.setdefault("state", {})["request_id"] = request_id

        async def seal(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    (REQUEST_ID.encode(), request_id.encode()),
                    *(header for header in _CAREFUL if header[0] not in present),
                ]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await self._app(scope, receive, seal)


def choose_id(offered: bytes | None) -> str:
    """The client's id when it is short and plain (it goes into our log), else a new one."""
    if offered is not None and _USABLE.fullmatch(offered):
        return offered.decode()
    return secrets.token_hex(8)
