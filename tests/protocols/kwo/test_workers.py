"""Of several processes of one data directory the first runs the programs."""

from __future__ import annotations

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.protocols.kwo.config import Kwo, KwoServer
from gameserver.protocols.kwo.part import PART
from gameserver.testing.context import memory_context


class Workers(SynchronousTestCase):
    def opened(self, config: Kwo, *, first: bool) -> tuple[set[str], set[str]]:
        """Return the keys that listen and the pages of a process."""
        part = PART.build(memory_context(Clock(), first=first), config)
        return {listener.key for listener in part.listeners}, set(part.pages)

    def test_the_programs_and_their_ports_are_at_the_first(self) -> None:
        programs = Kwo(servers={"own": KwoServer(command=("true",), endpoints=("tcp:0",))})
        keys, pages = self.opened(programs, first=True)
        self.assertEqual(keys, {"kwo.endpoints", "kwo.servers.own.endpoints"})
        self.assertLessEqual({"", "mc", "mcws", "kwo"}, pages)
        keys, pages = self.opened(programs, first=False)
        self.assertEqual(keys, set())
        self.assertEqual(pages, {"kwo", "api/kwo"})

    def test_the_hub_is_at_each(self) -> None:
        self.assertEqual(self.opened(Kwo(), first=True), self.opened(Kwo(), first=False))
