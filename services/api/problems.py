"""Every error as the same shape: problem details (RFC 9457), with what to do in ``detail``."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shared import log
from shared.errors import BadInput, StoreUnavailable, TocsinError

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 5
"""Seconds after which a client may come back to a Redis that was away."""

_log = log.get(__name__)


class Problem(Exception):
    """An answer other than success: an HTTP status and one sentence that says what to do."""

    def __init__(self, status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}


def respond(
    request: Request, status: int, detail: str, headers: dict[str, str] | None = None, **more: Any
) -> JSONResponse:
    """The problem as a response; ``type`` is about:blank, as the status says which kind it is."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        "request_id": getattr(request.state, "request_id", ""),
        **more,
    }
    return JSONResponse(body, status, headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make every error that leaves a route, or never reached one, a problem."""

    @app.exception_handler(Problem)
    async def _problem(request: Request, exc: Problem) -> JSONResponse:
        return respond(request, exc.status, exc.detail, exc.headers)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, exc: HTTPException) -> JSONResponse:
        detail = {
            HTTPStatus.NOT_FOUND: "Nothing is served here: /openapi.json lists what is.",
            HTTPStatus.METHOD_NOT_ALLOWED: "This address takes other methods: see Allow.",
        }.get(HTTPStatus(exc.status_code), str(exc.detail))
        return respond(request, exc.status_code, detail, dict(exc.headers or {}))

    @app.exception_handler(RequestValidationError)
    async def _validation(request: Request, exc: RequestValidationError) -> JSONResponse:
        faults = [
            {"parameter": ".".join(str(part) for part in fault["loc"][1:]), "fault": str(fault["msg"])}
            for fault in exc.errors()
        ]
        detail = "; ".join(f"{fault['parameter']}: {fault['fault']}" for fault in faults)
        return respond(request, HTTPStatus.UNPROCESSABLE_ENTITY, detail, faults=faults)

    @app.exception_handler(TocsinError)
    async def _ours(request: Request, exc: TocsinError) -> JSONResponse:
        if isinstance(exc, BadInput):
            return respond(request, HTTPStatus.BAD_REQUEST, str(exc))
        if isinstance(exc, StoreUnavailable):
            _log.warning("request failed", path=request.url.path, reason=str(exc))
            headers = {"Retry-After": str(RETRY_AFTER)}
            # The caller is told that it is ours to mend; the address of our Redis is none of his business.
            detail = "The store does not answer at the moment: try again soon. /readyz says more."
            return respond(request, HTTPStatus.SERVICE_UNAVAILABLE, detail, headers)
        _log.error("request failed", path=request.url.path, reason=str(exc))
        return respond(request, HTTPStatus.INTERNAL_SERVER_ERROR, _OUR_FAULT)

    @app.exception_handler(Exception)
    async def _unforeseen(request: Request, exc: Exception) -> JSONResponse:
        _log.error("request failed", path=request.url.path, exc_info=exc)
        return respond(request, HTTPStatus.INTERNAL_SERVER_ERROR, _OUR_FAULT)


_OUR_FAULT = "A fault of ours: the api's log has it under this request_id."
