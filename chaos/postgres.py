"""PostgreSQL goes away, comes back, is slow, breaks off in the middle of a reply, takes its privileges back."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import sqlalchemy as sa
from twisted.trial.unittest import SkipTest

from chaos import outages
from chaos.acts import DOORS, SETTINGS
from chaos.fault import Fault, Outcome, not_made
from chaos.process import everybody
from chaos.proxy import Proxy
from chaos.running import Run, lasting
from tests.databases import Tenant
from tests.integration.server import Server

#: What happens to a database: it gets the proxy before it and the tenant behind it.
Happening = Callable[[Proxy, Tenant], None]

#: Bytes of replies after which they break off, at most: a few transactions' worth.
REPLIES = 4000


class Stack(ExitStack):
    """What is given back at the end, as tests do it."""

    def addCleanup(self, function: Callable[..., Any], /, *arguments: Any, **keywords: Any) -> None:
        """Call a function at the end."""
        self.callback(function, *arguments, **keywords)


def _run(chance: random.Random, times: int, say: Callable[[str], None], happening: Happening) -> Outcome:
    with Stack() as stack:
        try:
            tenant = Tenant(stack)
        except SkipTest as reason:
            return not_made(reason)
        url = sa.make_url(tenant.url)
        proxy = Proxy(url.host or "127.0.0.1", url.port or 5432)
        stack.callback(proxy.stop)
        through = url.set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)
        server = Server(DOORS, (*SETTINGS, f'storage.url="{through}"'))
        stack.callback(server.kill)
        (server.data / "gameserver.toml").write_text(f'[storage]\nurl = "{through}"\n')
        server.start()
        return Run(server, everybody(chance, 4.0), url=tenant.url).make(
            lambda _number: happening(proxy, tenant), times, say
        )


def gone(chance: random.Random, times: int, say: Callable[[str], None]) -> Outcome:
    """Cut every connection and let none in, for a while each time."""

    return _run(chance, times, say, lambda proxy, _tenant: outages.gone(proxy, chance, 0.5))


def cut(chance: random.Random, times: int, say: Callable[[str], None]) -> Outcome:
    """Cut every connection in the middle of a reply; the next ones are let in."""

    return _run(chance, times, say, lambda proxy, _tenant: outages.cut(proxy, chance, REPLIES))


def slow(chance: random.Random, times: int, say: Callable[[str], None]) -> Outcome:
    """Let every reply wait, for a while each time."""

    return _run(chance, times, say, lambda proxy, _tenant: outages.slow(proxy, chance))


def privileges(chance: random.Random, times: int, say: Callable[[str], None]) -> Outcome:
    """Take all privileges on the tables away, for a while each time."""

    def happening(_proxy: Proxy, tenant: Tenant) -> None:
        tenant.revoke()
        try:
            lasting(chance, 0.02, 0.3)
        finally:
            tenant.grant()

    return _run(chance, times, say, happening)


FAULTS = (
    Fault("postgres-gone", "PostgreSQL is gone, and back", gone, times=100, short=0),
    Fault("postgres-cut", "PostgreSQL's connections break off in the middle of a reply", cut, times=150, short=0),
    Fault("postgres-slow", "PostgreSQL's replies wait for up to a tenth of a second", slow, times=50, short=0),
    Fault("privileges", "PostgreSQL takes the privileges on all tables away, and gives them back", privileges, 80, 0),
)
