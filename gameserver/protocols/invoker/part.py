"""The provably fair games as a part of the server: the WebSocket, and what is asked over HTTP beside it."""

from __future__ import annotations

from functools import partial

from twisted.web.resource import IResource

from gameserver.config import Config
from gameserver.edge.channel import websocket_page
from gameserver.edge.context import Context
from gameserver.edge.http.site import site, tree
from gameserver.edge.part import Part, PeriodicTask, RunningPart, every_name
from gameserver.errors import StartError
from gameserver.net.endpoints import listen
from gameserver.net.origins import Origins
from gameserver.protocols.invoker.books import currencies, opened_books
from gameserver.protocols.invoker.channel import connect
from gameserver.protocols.invoker.commands import returns, token, verify, wallet
from gameserver.protocols.invoker.config import Invoker
from gameserver.protocols.invoker.elsewhere import TOPIC, heard
from gameserver.protocols.invoker.pages.fairness import fairness_pages
from gameserver.protocols.invoker.pages.game_tokens import TokenPages
from gameserver.protocols.invoker.pages.operator_sessions import OperatorKey, OperatorPages
from gameserver.protocols.invoker.pages.seeds import SeedPages
from gameserver.protocols.invoker.periodic import Credits, forget_requests, refresh_tokens, settle_idle_rounds
from gameserver.protocols.invoker.shared import INVOKER, InvokerShared

GREETING = "This is the WebSocket of the provably fair games (Invoker); see /v1/ws in the documentation."

#: Longest message in bytes. The longest sensible one has a client seed of 256 characters; up to here nonsense is
#: answered with an error, above it the connection ends with 1009.
MESSAGE_LIMIT = 1 << 18

#: Seconds between two looks for play money given, for rounds left alone and tokens that end, for requests to forget.
SOON, OFTEN, SELDOM = 1, 60, 600


def operator_keys(config: Invoker) -> dict[str, OperatorKey]:
    """Return the operators by their keys. ``StartError`` for one without key or secret, or a key used twice."""
    found: dict[str, OperatorKey] = {}
    for name, operator in config.operators.items():
        if not operator.key or not operator.secret or operator.key in found:
            raise StartError(f"invoker.operators.{name}: key and secret are needed, and the key must be its own")
        found[operator.key] = OperatorKey(name, operator.key, operator.secret)
    return found


def check(_config: Config, section: Invoker) -> None:
    """Raise ``StartError`` for amounts that are none, and for operators without a key of their own."""
    currencies(section)
    operator_keys(section)


def build(context: Context, config: Invoker) -> RunningPart:
    """Join the games to the server, with everything that is asked for over HTTP on the same ports.

    Raises ``StartError``.
    """
    books = opened_books(context, config)
    shared = InvokerShared(context, config, books)
    context.sessions.peers.subscribe(TOPIC, partial(heard, shared))
    tokens = TokenPages(books.identities, context.accounts, context.sessions)
    operators = OperatorPages(
        operator_keys(config), config.replay_seconds, books, context.reactor, shared.end_sessions
    )
    seeds = SeedPages(tokens.authorize, books.ledger, books.store)
    pages: dict[str, IResource] = {
        "v1/ws": websocket_page(
            shared,
            partial(connect, shared),
            greeting=GREETING,
            message_limit=MESSAGE_LIMIT,
            origins=Origins(config.origins),
        ),
        **operators.resources(),
        **tokens.resources(),
        **seeds.resources(),
        **fairness_pages(tokens.authorize),
    }
    context.metrics.counters(
        "bets",
        "Bets that have come to their end here",
        ["game"],
        lambda: {(name,): n for name, n in shared.over.items()},
    )
    context.metrics.gauge("ledger_queue", "Operations waiting for their commit", lambda: len(books.ledger))
    hint = "gameserver token NAME, then connect to ws://{address}/v1/ws?token=TOKEN"
    factory = site(tree(pages), context)
    return RunningPart(
        listeners=listen("invoker.endpoints", config.endpoints, factory, hint),
        pages=pages,
        periodic=[
            PeriodicTask(SOON, Credits(shared).tell_new_credits),
            PeriodicTask(OFTEN, partial(settle_idle_rounds, shared)),
            PeriodicTask(OFTEN, partial(refresh_tokens, shared)),
            PeriodicTask(SELDOM, partial(forget_requests, shared)),
        ],
        stop=shared.stop,
    )


PART = Part(INVOKER, Invoker, build, check, commands=(verify, returns, token, wallet), check_name=every_name)
