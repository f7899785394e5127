"""One question to another node, and its answer: what a page wants to know or do where something is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from twisted.internet.defer import Deferred, TimeoutError, ensureDeferred
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from gameserver.edge.directory import NODE, Directory
from gameserver.edge.relay.relays import UNREACHABLE, Relays, Serve, Served
from gameserver.errors import Code, GameError

#: Seconds until a node that does not answer is given up, if nobody says otherwise.
ANSWERED_WITHIN = 3.0

#: Gives the answer to a question, both in the service's own form. Its ``GameError`` is the asker's.
Answer = Callable[[bytes], Awaitable[bytes]]

_log = Logger()


class _Asker:
    """A ``Fronted`` that wants one answer."""

    def __init__(self) -> None:
        self.answer: Deferred[bytes] = Deferred()

    def told(self, _payload: bytes) -> None:
        """Nothing is told to a question."""

    def noted(self, message: bytes) -> None:
        """See ``Fronted``: this is the answer."""
        if not self.answer.called:
            self.answer.callback(message)

    def ended(self, code: str, text: str) -> None:
        """See ``Fronted``."""
        if not self.answer.called:
            self.answer.errback(GameError(refusal(code), text))


class _Question:
    """A ``Guest`` that has said everything. What it asked for is done even if nobody waits for the answer."""

    def asked(self, message: bytes) -> None:
        """Nothing more is asked."""

    def gone(self) -> None:
        """The answer goes nowhere."""


def refusal(code: str) -> Code:
    """Return why another node refuses; a lost link and what another version of this program says are no refusals."""
    return Code(code) if code in Code.__members__.values() else Code.BUSY


async def ask(
    relays: Relays, clock: IReactorTime, node: str, service: str, question: bytes, seconds: float = ANSWERED_WITHIN
) -> bytes:
    """Return a node's answer. Raises the ``GameError`` that it answers with, ``busy`` if it does not answer."""
    asker = _Asker()
    relay = relays.open(node, service, question, asker)
    asker.answer.addTimeout(seconds, clock)
    try:
        return await asker.answer
    except TimeoutError:
        raise GameError(Code.BUSY, UNREACHABLE) from None
    finally:
        relay.end()


async def ask_all(
    relays: Relays, clock: IReactorTime, directory: Directory, service: str, question: bytes
) -> list[tuple[str, bytes]]:
    """Return every other node with its answer, all asked at once; those that give none are left out."""

    async def one(node: str) -> tuple[str, bytes] | None:
        try:
            return node, await ask(relays, clock, node, service, question)
        except GameError:
            return None

    asked = [ensureDeferred(one(node)) for node in sorted(node for node, _, _ in directory.elsewhere(NODE))]
    return [found for each in asked if (found := await each) is not None]


def answering(answer: Answer) -> Serve:
    """Return what answers the questions of other nodes."""

    def serve(served: Served, question: bytes) -> _Question:
        # It may take a while; nobody need wait for it to be let in.
        served.entered()
        ensureDeferred(_answer(served, answer, question))
        return _Question()

    return serve


async def _answer(served: Served, answer: Answer, question: bytes) -> None:
    try:
        served.note(await answer(question))
        served.end()
    except GameError as error:
        served.end(error.code, error.text)
    except Exception:
        _log.failure("a question of node {node}", node=served.node)
        served.end(Code.INTERNAL, "Internal error.")
