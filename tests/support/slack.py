"""A Slack on loopback: what we use of its Web API and of its incoming webhooks, answered as Slack does.

It keeps what it took: ``posts`` in a channel, each with its thread. It refuses what Slack refuses: unknown
tokens and channels, messages over its limits, replies below what is not there, and more than it likes in a
second (``limit``). ``faults`` come first, each used once.
"""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "xoxb-1-2-abcdefghijklmnop"
CHANNEL = "C0123456789"
HOOK = "/services/T024BE91L/B03G7QK2V/xYzzySecretPartOfTheUrl"


@dataclass
class Post:
    """One message as Slack keeps it."""

    ts: str
    channel: str
    message: dict[str, Any]
    thread_ts: str = ""
    broadcast: bool = False
    edited: int = 0

    @property
    def text(self) -> str:
        return str(self.message["text"])

    def words(self) -> str:
        """All of it, to look for words in."""
        return json.dumps(self.message, ensure_ascii=False)


@dataclass
class Fault:
    """An answer out of turn: a word with status 200, a bare status, or (``after``) after it was taken."""

    word: str = ""
    status: int = 200
    retry_after: str = ""
    after: bool = False
    method: str = ""
    """Only for this method; empty: for the next call."""


@dataclass
class Slack:
    """One workspace with one bot and one incoming webhook."""

    url: str = ""
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    channels: set[str] = field(default_factory=lambda: {CHANNEL})
    archived: set[str] = field(default_factory=set)
    limit: int = 1000
    """Posts taken before each further one is rate-limited, until ``rests``."""
    posts: list[Post] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    seen_tokens: list[str] = field(default_factory=list)
    _taken: int = 0
    _clock: int = 1_772_442_000

    @property
    def api(self) -> str:
        return f"{self.url}/api/"

    @property
    def hook(self) -> str:
        return self.url + HOOK

    def parents(self) -> list[Post]:
        return [post for post in self.posts if not post.thread_ts]

    def replies(self, to: Post) -> list[Post]:
        return [post for post in self.posts if post.thread_ts == to.ts]

    def deletes(self, post: Post) -> None:
        """As a person does by hand: what is below it goes with it."""
        self.posts = [each for each in self.posts if each.ts != post.ts and each.thread_ts != post.ts]

    def rests(self) -> None:
        """A second goes by."""
        self._taken = 0

    # ---- Web API --------------------------------------------------------------------------------

    async def call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.calls.append(method)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.seen_tokens.append(token)
        fault = self._fault(method)
        if fault and not fault.after:
            return self._answer_fault(fault)
        if method in ("chat.postMessage", "chat.update") and "application/json" not in request.content_type:
            return _no("invalid_post_type")
        arguments = await request.json()
        word = self._refuses(token, arguments)
        if word:
            return _no(word)
        handled = {"chat.postMessage": self._post, "chat.update": self._update}.get(method)
        answer = handled(arguments) if handled else _no("unknown_method")
        return self._answer_fault(fault) if fault else answer

    def _refuses(self, token: str, arguments: dict[str, Any]) -> str:
        if not token:
            return "not_authed"
        if token not in self.tokens:
            return "invalid_auth"
        channel = arguments.get("channel")
        if channel not in self.channels:
            return "channel_not_found"
        if channel in self.archived:
            return "is_archived"
        return next(iter(faults_of(arguments)), "")

    def _post(self, arguments: dict[str, Any]) -> web.Response:
        thread = arguments.get("thread_ts", "")
        if thread and not any(each.ts == thread for each in self.parents()):
            return _no("thread_not_found")
        self._taken += 1
        if self._taken > self.limit:
            return _no("ratelimited", status=429, headers={"Retry-After": "7"})
        self._clock += 1
        post = Post(
            f"{self._clock}.000100",
            arguments["channel"],
            arguments,
            thread,
            bool(arguments.get("reply_broadcast")),
        )
        self.posts.append(post)
        return _yes(post)

    def _update(self, arguments: dict[str, Any]) -> web.Response:
        for post in self.posts:
            if (post.channel, post.ts) == (arguments["channel"], arguments.get("ts")):
                post.message, post.edited = arguments, post.edited + 1
                return _yes(post)
        return _no("message_not_found")

    # ---- incoming webhooks ----------------------------------------------------------------------

    async def take(self, request: web.Request) -> web.Response:
        self.calls.append("hook")
        fault = self._fault("hook")
        if fault:
            return web.Response(
                status=fault.status, text=fault.word, headers=_retry(fault), content_type="text/html"
            )
        if request.path != HOOK:
            return web.Response(status=404, text="no_service")
        try:
            message = await request.json()
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        if word := next(iter(faults_of(message)), ""):
            return web.Response(status=400, text=word)
        self._taken += 1
        if self._taken > self.limit:
            return web.Response(status=429, text="rate_limited", headers={"Retry-After": "7"})
        self._clock += 1
        self.posts.append(Post(f"{self._clock}.000100", CHANNEL, message))
        return web.Response(text="ok")

    def _fault(self, method: str) -> Fault | None:
        for fault in self.faults:
            if fault.method in ("", method):
                self.faults.remove(fault)
                return fault
        return None

    @staticmethod
    def _answer_fault(fault: Fault) -> web.Response:
        if fault.word:
            return _no(fault.word, status=fault.status, headers=_retry(fault))
        return web.Response(status=fault.status, text="upstream error", headers=_retry(fault))


def faults_of(message: dict[str, Any]) -> Iterator[str]:
    """What Slack finds wrong with a message, by the limits in its documentation."""
    if not message.get("text") and not message.get("attachments"):
        yield "no_text"
    if len(message.get("text", "")) > 4000:
        yield "msg_too_long"
    cards = message.get("attachments", [])
    if len(cards) > 100:
        yield "too_many_attachments"
    for block in (block for card in cards for block in card.get("blocks", [])):
        yield from _faults_of_block(block)
    if any(len(card.get("blocks", [])) > 50 for card in cards):
        yield "invalid_blocks"


def _faults_of_block(block: dict[str, Any]) -> Iterator[str]:
    texts = [(block["text"], 3000)] if "text" in block else []
    texts += [(each, 2000) for each in block.get("fields", [])]
    texts += [(each, 3000) for each in block.get("elements", [])]
    if block["type"] not in ("section", "context") or not texts:
        yield "invalid_blocks"
    if len(block.get("fields", [])) > 10 or len(block.get("elements", [])) > 10:
        yield "invalid_blocks"
    if not all(0 < len(text["text"]) <= most for text, most in texts):
        yield "invalid_blocks"


def _yes(post: Post) -> web.Response:
    answer = {"ok": True, "channel": post.channel, "ts": post.ts, "message": post.message}
    return web.json_response(answer)


def _no(word: str, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"ok": False, "error": word}, status=status, headers=headers)


def _retry(fault: Fault) -> dict[str, str]:
    return {"Retry-After": fault.retry_after} if fault.retry_after else {}


@asynccontextmanager
async def slack(**settings: Any) -> AsyncIterator[Slack]:
    """A Slack on a free port of loopback."""
    served = Slack(**settings)
    app = web.Application()
    app.router.add_post("/api/{method}", served.call)
    app.router.add_post("/services/{path:.*}", served.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    served.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield served
    finally:
        await runner.cleanup()
