"""The provably fair games, joined to the services: the WebSocket, and what is asked over HTTP beside it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from twisted.web.resource import IResource

from gameserver.app.parts import Parts, listen
from gameserver.app.services import Services, StartError
from gameserver.app.wallet import wallet
from gameserver.protocols.invoker.service import InvokerService
from gameserver.protocols.invoker.shared import InvokerShared
from gameserver.web.fairness import fairness_pages
from gameserver.web.game_tokens import GameTokens
from gameserver.web.operator_sessions import OperatorKey, OperatorSessions
from gameserver.web.seeds import Seeds
from gameserver.web.site import site, tree

#: Seconds between two looks for play money given, for rounds left alone and tokens that end, for requests to forget.
SOON, OFTEN, SELDOM = 1, 60, 600


def operator_keys(services: Services) -> dict[str, OperatorKey]:
    """Return the operators by their keys. ``StartError`` for one without key or secret, or a key used twice."""
    found: dict[str, OperatorKey] = {}
    for name, operator in services.config.invoker.operators.items():
        if not operator.key or not operator.secret or operator.key in found:
            raise StartError(f"invoker.operators.{name}: key and secret are needed, and the key must be its own")
        found[operator.key] = OperatorKey(name, operator.key, operator.secret)
    return found


def parts(services: Services) -> Parts:
    """Return the protocol, and everything that is asked for over HTTP on the same ports."""
    config = services.config.invoker
    books = wallet(services)
    protocol = InvokerShared(
        services.reactor,
        config,
        services.sessions,
        books.identities,
        books.ledger,
        books.store,
        books.currencies,
        services.metrics,
    )
    service = InvokerService(protocol, services.config.limits.outbox_bytes)
    tokens = GameTokens(books.identities, services.accounts)
    seeds = Seeds(tokens.authorize, books.ledger, books.store)
    operators = operator_keys(services)
    pages: dict[str, IResource] = {
        "v1/ws": service.resource(),
        "api/provider/v1/sessions": OperatorSessions(
            operators, config.replay_seconds, books.identities, books.players, services.reactor, protocol.end_sessions
        ),
        **tokens.resources(),
        **seeds.resources(),
        **fairness_pages(tokens.authorize),
    }
    services.metrics.gauge("ledger_queue", "Operations waiting for their commit", lambda: len(books.ledger))
    periodic: list[tuple[float, Callable[[], Awaitable[object]]]] = [
        (SOON, service.tell_credits),
        (OFTEN, service.settle_idle),
        (OFTEN, service.refresh_tokens),
        (SELDOM, service.forget_requests),
    ]
    hint = "gameserver token NAME, then connect to ws://{address}/v1/ws?token=TOKEN"
    listeners = listen(
        "invoker.endpoints", config.endpoints, site(tree(pages), connections=services.web_connections), hint
    )
    return Parts(protocols=[service], listeners=listeners, pages=pages, periodic=periodic)
