"""A server of the bridge as its clients see it: what is behind it, who may come in, what they are shown."""

from __future__ import annotations

from typing import Protocol

import attrs
from twisted.internet.defer import Deferred

from gameserver.protocols.kwo.admission import Admission
from gameserver.protocols.kwo.crypto import PackCipher
from gameserver.protocols.kwo.encoders import Form

#: The name of the protocol, and of the hub's community when it stays alone.
KWO = "kwo"

#: The name of the server that is this gameserver.
HUB = "hub"


def topic_of(server: str) -> str:
    """Return the topic of a server's own events, by its name."""
    return f"{KWO}/{server}"


class Target(Protocol):
    """What packs drive: a console program or the hub. A ``GameError`` says why something is not done."""

    async def start_program(self) -> str:
        """Start; return a sentence for ``debug``."""

    async def stop_program(self) -> str:
        """Begin to stop; return a sentence for ``debug``."""

    def run_command(self, command: str) -> Deferred[str]:
        """Run a command; fires once with its output."""

    def say(self, text: str) -> None:
        """Show a text to the players."""


@attrs.frozen(eq=False)
class BridgedServer:
    """One server. ``topics`` are those it shows; ``encrypted`` and ``cipher`` are there if it has a password."""

    name: str
    target: Target
    admission: Admission
    topics: tuple[str, ...]
    plain: Form
    encrypted: Form | None
    cipher: PackCipher | None

    @property
    def packs(self) -> str:
        """The packs that it takes, in words for people."""
        if self.cipher is None:
            return "packs as JSON"
        return "encrypted packs, from this machine plain ones too" if self.admission.plain else "encrypted packs"

    @classmethod
    def of(cls, name: str, target: Target, admission: Admission, topics: tuple[str, ...]) -> BridgedServer:
        """Return a server with the forms that its password makes."""
        cipher = PackCipher(admission.password) if admission.password else None
        encrypted = Form(cipher) if cipher is not None else None
        return cls(name, target, admission, topics, Form(None), encrypted, cipher)
