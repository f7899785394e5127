"""Tests in pytest's own style, on the reactor that pytest-twisted runs: the shipped fakes work there too."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_twisted
from twisted.internet.address import UNIXAddress
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol

from gameserver.protocols.chat.config import Chat
from gameserver.testing.chat import ChatClient
from gameserver.testing.memory_transport import connect_in_memory
from tests.protocols.chat.services import Services
from tests.reactor import open_port, reactor


@pytest_twisted.async_yield_fixture
async def services() -> AsyncIterator[Services]:
    """A chat protocol that is stopped after the test."""
    made = Services(reactor, Chat(heartbeat=0))
    yield made
    await made.chat.stop()


@pytest_twisted.ensureDeferred
async def test_two_people_talk_in_memory(services: Services) -> None:
    ann, bob = ChatClient(reactor), ChatClient(reactor)
    for client, name in ((ann, "anne"), (bob, "bobby")):
        connect_in_memory(reactor, services.factory.buildProtocol(UNIXAddress("")), client)
        assert (await client.log_in(name))["Flag"] == 1
    assert (await ann.next())["LogOnUserName"] == "bobby"
    ann.send(Command="05", Message="hello")
    for client in (ann, bob):
        assert await client.next() == {"Command": "32", "Speaker": "anne", "Message": "hello"}


@pytest.mark.parametrize("name", ["anne", "Bob4", "A1b2"])
@pytest_twisted.ensureDeferred
async def test_names_over_tcp(services: Services, name: str) -> None:
    port = open_port(services.factory)
    client = ChatClient(reactor)
    await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port), client)
    assert (await client.log_in(name))["Friends"] == [[name, 1]]
    await port.stopListening()
