"""The chat door, joined to the house."""

from __future__ import annotations

from gameserver.protocols.chat.service import ChatService
from gameserver.service.house import House
from gameserver.service.parts import Parts, listen, over_tls


def parts(house: House) -> Parts:
    """Return the chat door: the same factory on TCP and, behind TLS, on the encrypted port."""
    config = house.config
    service = ChatService(
        house.reactor, config.chat, config.limits, house.sessions, house.accounts, house.rooms, house.metrics
    )
    factory = service.factory()
    plain = listen(
        "chat.tcp", config.chat.tcp, factory, 'nc {host} {port}, then type: {{"Command":"01","Name":"anne"}}'
    )
    encrypted = listen(
        "chat.tls", config.chat.tls, over_tls(house, factory), "openssl s_client -quiet -connect {address}"
    )
    return Parts(doors=[service], listeners=plain + encrypted)
