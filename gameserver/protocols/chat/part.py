"""The chat as a part of the server: the same connections on TCP and, behind TLS, on the encrypted port."""

from __future__ import annotations

from gameserver.edge.context import Context
from gameserver.edge.part import Part, RunningPart
from gameserver.edge.stream import StreamFactory
from gameserver.net.endpoints import listen
from gameserver.protocols.chat.config import Chat
from gameserver.protocols.chat.connection import ChatConnection
from gameserver.protocols.chat.names import check_name
from gameserver.protocols.chat.shared import CHAT, ChatShared


def build(context: Context, config: Chat) -> RunningPart:
    """Join the chat to the server."""
    shared = ChatShared(context, config)
    factory = StreamFactory(lambda: ChatConnection(shared))
    plain = listen("chat.tcp", config.tcp, factory, 'nc {host} {port}, then type: {{"Command":"01","Name":"anne"}}')
    encrypted = listen(
        "chat.tls", config.tls, context.over_tls(factory), "openssl s_client -quiet -connect {address}"
    )
    return RunningPart(listeners=plain + encrypted, start=shared.start, stop=shared.stop)


PART = Part(CHAT, Chat, build, check_name=check_name)
