"""The demo's receiver believes what the Standard Webhooks library would, and nothing else."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application
from standardwebhooks import Webhook

from services.cli.demo.receiver import Delivered, Receiver, SlackMessage
from tests.support.demo import NOON

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = json.dumps({"type": "incident.opened", "data": {"id": "inc_1-1"}})


def signed(
    id_: str = "msg_1", *, age: timedelta = timedelta(0), body: str = BODY, secret: str = SECRET
) -> dict[str, str]:
    at = NOON - age
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(id_, at, body),
    }


@pytest.fixture
def receiver() -> Receiver:
    made = Receiver(lambda: NOON)
    made.secret = SECRET
    return made


@pytest.fixture
async def endpoint(receiver: Receiver) -> AsyncIterator["TestClient[Any, Any]"]:
    application = Application()
    application.add_routes(receiver.routes())
    async with TestClient(TestServer(application)) as client:
        yield client


async def test_a_signed_webhook_is_taken(endpoint: "TestClient[Any, Any]", receiver: Receiver) -> None:
    answer = await endpoint.post("/hook", data=BODY, headers=signed())

    assert answer.status == 204
    assert receiver.inbox.get_nowait() == Delivered("incident.opened", {"id": "inc_1-1"}, len(BODY), NOON)


async def test_one_of_several_signatures_is_enough(endpoint: "TestClient[Any, Any]") -> None:
    headers = signed()
    headers["webhook-signature"] = "v1,bm8= " + headers["webhook-signature"]
    assert (await endpoint.post("/hook", data=BODY, headers=headers)).status == 204


async def test_a_repeat_is_answered_and_not_told_twice(
    endpoint: "TestClient[Any, Any]", receiver: Receiver
) -> None:
    for _ in range(2):
        assert (await endpoint.post("/hook", data=BODY, headers=signed())).status == 204
    assert receiver.inbox.qsize() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(body=BODY + " "),
        signed(secret="whsec_AAAA"),
        signed(age=timedelta(minutes=6)),
        signed(age=-timedelta(minutes=6)),
        signed() | {"webhook-id": "msg_2"},
        signed() | {"webhook-timestamp": "yesterday"},
        signed() | {"webhook-timestamp": "9" * 30},
        signed() | {"webhook-signature": "v1,"},
    ],
    ids=[
        "unsigned",
        "another body",
        "another secret",
        "old",
        "early",
        "another id",
        "no time",
        "no such time",
        "empty",
    ],
)
async def test_what_is_forged_or_stale_is_refused(
    endpoint: "TestClient[Any, Any]", receiver: Receiver, headers: dict[str, str]
) -> None:
    assert (await endpoint.post("/hook", data=BODY, headers=headers)).status == 401
    assert receiver.inbox.empty()


async def test_slack_answers_as_slack_does(endpoint: "TestClient[Any, Any]", receiver: Receiver) -> None:
    answer = await endpoint.post("/services/demo", json={"text": "a bell"})
    assert (answer.status, await answer.text()) == (200, "ok")
    assert receiver.inbox.get_nowait() == SlackMessage({"text": "a bell"})
