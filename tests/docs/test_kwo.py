"""The message sequences of docs/kwo.md, played against the protocol over sockets."""

from __future__ import annotations

import json
from pathlib import Path

from gameserver.testing.chat import ChatClient
from gameserver.testing.kwo import KwoClient
from tests.docs.sequences import Step, play, sequences
from tests.protocols.kwo.services import Services, program
from tests.protocols.kwo.test_server import PASSWORD, Base

PAGE = Path(__file__).resolve().parents[2] / "docs" / "kwo.md"


class Peer:
    """A bot as a sequence sees it; ``bare`` shows frames as they are on the wire."""

    def __init__(self, bot: KwoClient, bare: bool) -> None:
        self.bot = bot
        self._bare = bare

    def send(self, text: str) -> None:
        if self._bare:
            self.bot.send_raw(text.encode())
        else:
            self.bot.send_pack(text)

    async def receive(self) -> str:
        pack = await self.bot.receive()
        if self._bare:
            assert self.bot.form == "encrypted"
            pack = {"type": "encrypted", "params": {"mode": "aes_cbc_pck7padding", "raw": "…"}}
        return json.dumps(pack, separators=(",", ":"), ensure_ascii=False)


class KwoPageTests(Base):
    async def test_every_sequence_is_as_the_page_says(self) -> None:
        found = sequences(PAGE.read_text("utf-8"))
        self.assertGreaterEqual(len(found), 5)
        for steps in found.values():
            await self.run_sequence(steps)

    async def run_sequence(self, steps: list[Step]) -> None:
        services = await self.services(
            {"game": program(), "secret": program(password=PASSWORD), "wire": program(password="passwd")}
        )
        people: dict[str, ChatClient] = {}

        async def connect(name: str) -> Peer:
            if name == "wire":
                return Peer(await services.bot("wire", password="passwd"), True)
            if name.startswith("secret"):
                return Peer(await services.bot("secret", password=PASSWORD), False)
            return Peer(await services.bot("hub" if name == "hub" else "game"), False)

        async def remark(_client: str, text: str) -> None:
            await self.act(services, people, text)

        await play(steps, connect, remark)

    async def act(self, services: Services, people: dict[str, ChatClient], text: str) -> None:
        """Do what a remark says."""
        if text.startswith("prints: "):
            await services.printed("game", "ready")
            # With lines around it that are no event: a command without any output is waited for long.
            await services.consoles["game"].run_command("event " + text.removeprefix("prints: "))
        elif text.endswith(" logs in at the chat door"):
            name = text.split()[0]
            people[name] = await services.person(name)
        else:
            name, says, words = text.partition(" says ")
            assert says, text
            people[name].send(Command="05", Message=words)
