"""The chat protocol, joined to the services."""

from __future__ import annotations

from gameserver.app.parts import Parts, listen, over_tls
from gameserver.app.services import Services
from gameserver.protocols.chat.service import ChatService


def parts(services: Services) -> Parts:
    """Return the chat protocol: the same factory on TCP and, behind TLS, on the encrypted port."""
    config = services.config
    service = ChatService(
        services.reactor,
        config.chat,
        config.limits,
        services.sessions,
        services.accounts,
        services.rooms,
        services.metrics,
    )
    factory = service.factory()
    plain = listen(
        "chat.tcp", config.chat.tcp, factory, 'nc {host} {port}, then type: {{"Command":"01","Name":"anne"}}'
    )
    encrypted = listen(
        "chat.tls", config.chat.tls, over_tls(services, factory), "openssl s_client -quiet -connect {address}"
    )
    return Parts(protocols=[service], listeners=plain + encrypted)
