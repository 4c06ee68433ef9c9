"""Every word that may follow ``tocsin``: what it promises, where it lives, and how it is used.

Groups (``feeds``, ``dead``, ``keys`` ...) show the examples of their own commands; the others' stand here.
"""

from dataclasses import dataclass

RUN, NEWS, ALERTS, LOOK = "Run", "News in", "Alerts out", "Look and judge"


@dataclass(frozen=True)
class Command:
    """A word of the command line, and where what it does is written."""

    name: str
    module: str
    attribute: str
    help: str
    panel: str
    group: bool = False
    examples: tuple[str, ...] = ()
    """Lines that can be typed as they stand; a group has its own."""


COMMANDS = (
    Command(
        name="up",
        module="services.cli.up",
        attribute="up",
        help="Start everything here, Redis included; Ctrl-C stops it.",
        panel=RUN,
        examples=(
            "tocsin up --demo                    # a minute of invented news, offline",
            "tocsin up                           # Redis, poller, worker, notifier, api",
            "tocsin up --concurrency 4           # with four processes that read articles",
            "TOCSIN_API_PORT=8601 tocsin up      # any setting, for this once",
        ),
    ),
    Command(
        name="poller",
        module="services.cli.alone",
        attribute="poller",
        help="Run the poller alone.",
        panel=RUN,
        examples=(
            "tocsin poller                          # with the Redis of `tocsin up`",
            "TOCSIN_REDIS_URL=redis://10.20.0.5 tocsin poller",
        ),
    ),
    Command(
        name="worker",
        module="services.cli.worker",
        attribute="worker",
        help="Run a Celery worker alone.",
        panel=RUN,
        examples=(
            "tocsin worker                          # with the Redis of `tocsin up`",
            "tocsin worker --concurrency 8 --name night",
            "TOCSIN_REDIS_URL=redis://10.20.0.5 tocsin worker",
        ),
    ),
    Command(
        name="notifier",
        module="services.cli.alone",
        attribute="notifier",
        help="Run the notifier alone.",
        panel=RUN,
        examples=(
            "tocsin notifier                        # with the Redis of `tocsin up`",
            "TOCSIN_REDIS_URL=redis://10.20.0.5 tocsin notifier",
        ),
    ),
    Command(
        name="api",
        module="services.cli.alone",
        attribute="api",
        help="Run the api alone.",
        panel=RUN,
        examples=(
            "tocsin api                             # with the Redis of `tocsin up`",
            "TOCSIN_API_HOST=0.0.0.0 TOCSIN_API_PORT=8601 tocsin api",
        ),
    ),
    Command(
        name="health",
        module="services.cli.health",
        attribute="health",
        help="Is a service well? For container health checks.",
        panel=RUN,
        examples=(
            "tocsin health redis",
            "tocsin health worker --timeout 20      # one that is busy answers late",
            "tocsin health poller --anywhere        # on this or any other machine",
        ),
    ),
    Command(
        name="feeds",
        module="services.cli.feeds",
        attribute="app",
        help="Add, list, remove, import and export feeds.",
        panel=NEWS,
        group=True,
    ),
    Command(
        name="dead",
        module="services.cli.dead",
        attribute="app",
        help="Articles that failed: list, show, replay, drop.",
        panel=NEWS,
        group=True,
    ),
    Command(
        name="subscribe",
        module="services.cli.subscribe",
        attribute="subscribe_app",
        help="Send alerts to a webhook or to Slack.",
        panel=ALERTS,
        group=True,
    ),
    Command(
        name="subscriptions",
        module="services.cli.subscribe",
        attribute="subscriptions_app",
        help="Who hears of what: list, change, pause, test, remove.",
        panel=ALERTS,
        group=True,
    ),
    Command(
        name="tail",
        module="services.cli.tail",
        attribute="tail",
        help="Print alerts as they ring.",
        panel=ALERTS,
        examples=(
            "tocsin tail                            # from now on",
            "tocsin tail --since 6h --filter 'severity>=Severe'",
            "tocsin tail --since 2d --json | jq .headline",
        ),
    ),
    Command(
        name="incidents",
        module="services.cli.incidents",
        attribute="incidents",
        help="What happened: the incidents of the last 30 days.",
        panel=ALERTS,
        examples=(
            "tocsin incidents                       # the ones that changed last first",
            "tocsin incidents --country SDN --tier Severe --since 2d",
            "tocsin incidents --json | jq .headline",
        ),
    ),
    Command(
        name="incident",
        module="services.cli.incident",
        attribute="app",
        help="One incident whole; merge, split, correct or retract it.",
        panel=ALERTS,
        group=True,
    ),
    Command(
        name="dyads",
        module="services.cli.dyads",
        attribute="dyads",
        help="Who strikes whom, how often, and is that usual?",
        panel=ALERTS,
        examples=(
            "tocsin dyads                           # the most unusual week first",
            "tocsin dyads ISR IRN                   # one pair in full, its answers too",
            "tocsin dyads --country SDN --days 90",
            "tocsin dyads --json | jq 'select(.above)'",
        ),
    ),
    Command(
        name="keys",
        module="services.cli.keys",
        attribute="app",
        help="Keys for the api: add, list, revoke.",
        panel=ALERTS,
        group=True,
    ),
    Command(
        name="doctor",
        module="services.cli.doctor",
        attribute="doctor",
        help="Is all well here? If not, what is wrong and what to do.",
        panel=LOOK,
        examples=(
            "tocsin doctor",
            "tocsin doctor --network                # fetch each feed once, too",
            "tocsin doctor --json | jq 'select(.verdict != \"ok\")'",
        ),
    ),
    Command(
        name="classify",
        module="services.cli.classify",
        attribute="classify",
        help="What the coder sees in an article, and why it rings.",
        panel=LOOK,
        examples=(
            "tocsin classify article.txt            # its title on the first line",
            "tocsin classify https://example.org/2026/03/strike.html",
            "pbpaste | tocsin classify - --date 2026-03-01",
            "tocsin classify --json article.txt | jq .severity",
            "tocsin classify --jsonl archive.jsonl > codings.jsonl",
        ),
    ),
    Command(
        name="backtest",
        module="services.cli.backtest",
        attribute="backtest",
        help="Replay an archive: which alerts would have rung?",
        panel=LOOK,
        examples=(
            "tocsin backtest archive.jsonl > replayed.jsonl",
            "tocsin backtest archive.jsonl | jq 'select(.alert)'   # only what rang",
            "gunzip -c 2025.jsonl.gz | tocsin backtest -",
            "tocsin backtest 2025.jsonl --load > replayed.jsonl  # fills `tocsin dyads`",
        ),
    ),
    Command(
        name="evaluate",
        module="services.cli.evaluate",
        attribute="evaluate",
        help="How good is the coder? Measured on labelled items.",
        panel=LOOK,
        examples=(
            "tocsin evaluate --data ../data         # writes docs/quality.md",
            "tocsin evaluate --items labelled.jsonl",
            "tocsin evaluate --items labelled.jsonl --json | jq .measure,.value",
            "tocsin evaluate --incidents stream.jsonl",
        ),
    ),
)
