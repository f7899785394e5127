"""Every installed protocol keeps the edge's contract: with each class of its connections, and behind TLS if it is."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from typing import Any

from twisted.internet.interfaces import IProtocolFactory
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.app.games import installed_kinds
from gameserver.app.parts import installed_parts
from gameserver.edge.connection import Connection
from gameserver.edge.part import AnyPart
from gameserver.testing import contract
from gameserver.testing.context import memory_context
from gameserver.testing.transports import Tls, Transport
from tests.examples import EXAMPLES


def is_ours(part: AnyPart) -> bool:
    """Say whether a protocol is gameserver's own."""
    return part.build.__module__.startswith("gameserver.protocols.")


def parts() -> list[AnyPart]:
    """Return our protocols and the installed examples; others that are installed here have tests of their own."""
    return [part for part in installed_parts().values() if is_ours(part) or (EXAMPLES / part.name).is_dir()]


def suites(part: AnyPart) -> list[type[contract.EdgeContract]]:
    """Return the classes that hold a protocol to the contract: ours in its tests, an example's in the examples'."""
    module = importlib.import_module(
        f"tests.protocols.{part.name}.test_edge" if is_ours(part) else f"tests.examples.test_{part.name}"
    )
    found = [
        item for _, item in inspect.getmembers(module, inspect.isclass) if issubclass(item, contract.EdgeContract)
    ]
    return [item for item in found if item.driver.part is part]


def connections(part: AnyPart, kind: type[Any] = Connection) -> Iterator[type[Any]]:
    """Return the classes of a protocol's connections that nothing else is derived from."""
    for derived in kind.__subclasses__():
        if derived.__subclasses__():
            yield from connections(part, derived)
        elif derived.__module__.startswith(part.build.__module__.rpartition(".")[0] + "."):
            yield derived


class EveryProtocolTests(SynchronousTestCase):
    def test_it_has_a_suite_for_every_class_of_its_connections(self) -> None:
        self.assertGreaterEqual(len(parts()), 5)
        for part in parts():
            found = set(connections(part))
            self.assertTrue(found, part.name)
            self.assertEqual({suite.driver.connection for suite in suites(part)}, found, part.name)

    def test_it_has_a_suite_for_each_kind_of_listener(self) -> None:
        """WebSocket, plain or TLS: as the part asks for them when it is built."""
        for part in parts():
            behind_tls: list[IProtocolFactory] = []

            def over_tls(factory: IProtocolFactory, asked: list[IProtocolFactory] = behind_tls) -> IProtocolFactory:
                asked.append(factory)
                return factory

            part.build(memory_context(Clock(), over_tls=over_tls), part.section_with(installed_kinds())())
            kinds: set[type[Transport]] = {type(suite.transport) for suite in suites(part)}
            self.assertEqual(Tls in kinds, bool(behind_tls), part.name)
