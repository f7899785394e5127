"""The provably fair games as a part of the server: the WebSocket, and what is asked over HTTP beside it."""

from __future__ import annotations

from twisted.web.resource import IResource

from gameserver.edge.context import Context
from gameserver.edge.http.site import site, tree
from gameserver.edge.part import Part, PeriodicTask, RunningPart
from gameserver.errors import StartError
from gameserver.net.endpoints import listen
from gameserver.protocols.invoker.books import opened_books
from gameserver.protocols.invoker.commands import token, verify, wallet
from gameserver.protocols.invoker.config import Invoker
from gameserver.protocols.invoker.pages.fairness import fairness_pages
from gameserver.protocols.invoker.pages.game_tokens import GameTokens
from gameserver.protocols.invoker.pages.operator_sessions import OperatorKey, OperatorSessions
from gameserver.protocols.invoker.pages.seeds import Seeds
from gameserver.protocols.invoker.service import InvokerService
from gameserver.protocols.invoker.shared import INVOKER, InvokerShared

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


def build(context: Context, config: Invoker) -> RunningPart:
    """Join the games to the server, with everything that is asked for over HTTP on the same ports.

    Raises ``StartError``.
    """
    books = opened_books(context, config)
    shared = InvokerShared(
        context.reactor,
        config,
        context.sessions,
        books.identities,
        books.ledger,
        books.store,
        books.currencies,
        context.metrics,
    )
    service = InvokerService(shared, context.limits.outbox_bytes)
    tokens = GameTokens(books.identities, context.accounts)
    seeds = Seeds(tokens.authorize, books.ledger, books.store)
    operators = operator_keys(config)
    pages: dict[str, IResource] = {
        "v1/ws": service.resource(),
        "api/provider/v1/sessions": OperatorSessions(
            operators, config.replay_seconds, books.identities, books.players, context.reactor, shared.end_sessions
        ),
        **tokens.resources(),
        **seeds.resources(),
        **fairness_pages(tokens.authorize),
    }
    context.metrics.gauge("ledger_queue", "Operations waiting for their commit", lambda: len(books.ledger))
    hint = "gameserver token NAME, then connect to ws://{address}/v1/ws?token=TOKEN"
    return RunningPart(
        listeners=listen(
            "invoker.endpoints", config.endpoints, site(tree(pages), connections=context.http_connections), hint
        ),
        pages=pages,
        periodic=[
            PeriodicTask(SOON, service.tell_credits),
            PeriodicTask(OFTEN, service.settle_idle),
            PeriodicTask(OFTEN, service.refresh_tokens),
            PeriodicTask(SELDOM, service.forget_requests),
        ],
        start=service.start,
        stop=service.stop,
    )


PART = Part(INVOKER, Invoker, build, commands=(verify, token, wallet))
