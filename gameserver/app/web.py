"""The site, joined to the services: pages, status, sign-up, the operators' resources, health, metrics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gameserver.app.parts import Parts, listen
from gameserver.app.services import Services
from gameserver.web.health import Health, MetricsPage
from gameserver.web.operators import Operators
from gameserver.web.people import People
from gameserver.web.site import site, tree
from gameserver.web.static_files import static_tree
from gameserver.web.status import ProtocolStatus, status_resource


def add_site(services: Services, parts: Parts, state: Callable[[], str], log: Callable[[], list[str]]) -> None:
    """Add the site to what the protocols have brought; it serves their pages beside its own.

    ``state`` is the server's: ``starting``, ``ok`` or ``stopping``; ``log`` returns the last lines of its log.
    """
    index, static = static_tree()
    people = People(services.accounts, services.sessions, services.reactor)

    def protocols() -> list[ProtocolStatus]:
        return [ProtocolStatus(listener.key, listener.endpoint, listener.hint) for listener in parts.listeners]

    def matches() -> list[dict[str, Any]]:
        return [match for open_matches in parts.matches for match in open_matches()]

    operators = Operators(
        people, services.sessions, services.moderation, services.config.limits, matches, log, services.reactor
    )
    pages = {
        "healthz": Health(state),
        "metrics": MetricsPage(services.metrics),
        "static": static,
        "api/status": status_resource(services.config.name, services.sessions, state, protocols),
        **people.resources(),
        **operators.resources(),
        **parts.pages,
    }
    factory = site(tree(pages, index), services.config.web.proxies, services.web_connections)
    parts.listeners += listen(
        "web.endpoints", services.config.web.endpoints, factory, "open http://{address}/ in a browser"
    )
