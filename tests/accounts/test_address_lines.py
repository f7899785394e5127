"""Lines of people from one address."""

from __future__ import annotations

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from gameserver.accounts.address_lines import AddressLines
from gameserver.errors import Code, GameError


class Lines(SynchronousTestCase):
    def setUp(self) -> None:
        self.lines = AddressLines(2)
        self.turns: list[tuple[str, Deferred[None]]] = []
        self.gone: set[str] = set()

    def come(self, who: str, address: str = "192.0.2.1") -> Deferred[str]:
        async def work() -> str:
            over: Deferred[None] = Deferred()
            self.turns.append((who, over))
            await over
            return who

        return ensureDeferred(self.lines.run(address, lambda: who not in self.gone, work))

    def names(self) -> list[str]:
        return [who for who, _ in self.turns]

    def test_two_have_their_turn_and_the_others_follow_in_order(self) -> None:
        came = [self.come(who) for who in "abcd"]
        self.assertEqual(self.names(), ["a", "b"])
        self.turns[1][1].callback(None)
        self.assertEqual(self.names(), ["a", "b", "c"])
        self.assertEqual(self.successResultOf(came[1]), "b")
        self.turns[0][1].callback(None)
        self.assertEqual(self.names(), ["a", "b", "c", "d"])

    def test_addresses_do_not_wait_for_each_other_and_no_address_waits_for_nobody(self) -> None:
        for who in "abc":
            self.come(who)
            self.come(who, "198.51.100.1")
            self.come(who, "")
        self.assertEqual(self.names(), ["a", "a", "a", "b", "b", "b", "c"])

    def test_who_has_gone_has_no_turn(self) -> None:
        came = [self.come(who) for who in "abcd"]
        self.gone.add("c")
        self.turns[0][1].callback(None)
        self.assertEqual(self.names(), ["a", "b", "d"])
        self.assertEqual(self.failureResultOf(came[2], GameError).value.code, Code.CLOSED)

    def test_thousands_may_have_gone(self) -> None:
        came = [self.come(f"{number}") for number in range(5000)]
        self.gone.update(f"{number}" for number in range(2, 5000))
        self.turns[0][1].callback(None)
        for one in came[2:]:
            self.failureResultOf(one, GameError)
        self.turns[1][1].callback(None)
        self.assertEqual(len(self.lines), 0)

    def test_thousands_of_turns_may_be_over_at_once(self) -> None:
        done: list[int] = []

        async def work(number: int) -> None:
            done.append(number)
            if number % 2:
                raise GameError(Code.BUSY, "")

        self.come("a")
        self.come("b")
        came = [
            ensureDeferred(self.lines.run("192.0.2.1", lambda: True, lambda number=number: work(number)))  # type: ignore[misc]
            for number in range(5000)
        ]
        self.turns[0][1].callback(None)
        self.assertEqual(done, list(range(5000)))
        for number, one in enumerate(came):
            if number % 2:
                self.failureResultOf(one, GameError)
            else:
                self.successResultOf(one)
        self.turns[1][1].callback(None)
        self.assertEqual(len(self.lines), 0)
