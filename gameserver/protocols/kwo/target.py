"""What is behind an endpoint: a console program or the hub."""

from __future__ import annotations

from typing import Protocol

import attrs
from twisted.internet.defer import Deferred

from gameserver.protocols.kwo.admission import Admission
from gameserver.protocols.kwo.crypto import PackCipher
from gameserver.protocols.kwo.encoders import Form
from gameserver.sessions.manager import COMMUNITY


class Target(Protocol):
    """What packs drive. A ``GameError`` says why something is not done."""

    async def start(self) -> str:
        """Start; return a sentence for ``debug``."""

    async def stop(self) -> str:
        """Begin to stop; return a sentence for ``debug``."""

    def run(self, command: str) -> Deferred[str]:
        """Run a command; fires once with its output."""

    def say(self, text: str) -> None:
        """Show a text to the players."""


@attrs.frozen(eq=False)
class Endpoint:
    """One server as clients see it: its target, who may come, its forms, the topics it shows."""

    name: str
    target: Target
    admission: Admission
    topics: tuple[str, ...]
    plain: Form
    encrypted: Form | None
    cipher: PackCipher | None
    namespace: str = COMMUNITY


def endpoint(
    name: str, target: Target, admission: Admission, topics: tuple[str, ...], namespace: str = COMMUNITY
) -> Endpoint:
    """Return an endpoint with the forms that its password makes."""
    cipher = PackCipher(admission.password) if admission.password else None
    encrypted = Form(cipher) if cipher is not None else None
    return Endpoint(name, target, admission, topics, Form(None), encrypted, cipher, namespace)
