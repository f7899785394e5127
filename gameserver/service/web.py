"""The site, joined to the house: pages, status, sign-up, the operators' resources, health, metrics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gameserver.service.house import House
from gameserver.service.parts import Parts, listen
from gameserver.web.health import Health, MetricsPage
from gameserver.web.operators import Operators
from gameserver.web.people import People
from gameserver.web.site import site, tree
from gameserver.web.static_files import static_tree
from gameserver.web.status import DoorStatus, status_resource


def add_site(house: House, parts: Parts, state: Callable[[], str], log: Callable[[], list[str]]) -> None:
    """Add the site to what the doors have brought; it serves their pages beside its own.

    ``state`` is the server's: ``starting``, ``ok`` or ``stopping``; ``log`` returns the last lines of its log.
    """
    index, static = static_tree()
    people = People(house.accounts, house.sessions, house.reactor)

    def doors() -> list[DoorStatus]:
        return [DoorStatus(listener.key, listener.endpoint, listener.hint) for listener in parts.listeners]

    def matches() -> list[dict[str, Any]]:
        return [match for open_matches in parts.matches for match in open_matches()]

    operators = Operators(people, house.sessions, house.moderation, house.config.limits, matches, log, house.reactor)
    pages = {
        "healthz": Health(state),
        "metrics": MetricsPage(house.metrics),
        "static": static,
        "api/status": status_resource(house.config.name, house.sessions, state, doors),
        **people.resources(),
        **operators.resources(),
        **parts.pages,
    }
    factory = site(tree(pages, index), house.config.web.proxies, house.web_connections)
    parts.listeners += listen(
        "web.endpoints", house.config.web.endpoints, factory, "open http://{address}/ in a browser"
    )
