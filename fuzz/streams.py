"""Targets of what comes as a stream of bytes: chat objects, telnet lines, the output of console programs."""

from __future__ import annotations

from collections import deque

import msgspec
from twisted.internet.task import Clock

from fuzz.target import Target, packets
from gameserver.consoles.dialects import DIALECTS
from gameserver.consoles.output_reader import SLICE, OutputReader
from gameserver.consoles.plan import Plan
from gameserver.net import lines
from gameserver.net.json_objects import Damage, ObjectFraming
from gameserver.protocols.chat.config import Chat
from gameserver.protocols.chat.messages import Undecodable, decode
from gameserver.protocols.kassel.connection import LONGEST_LINE
from gameserver.protocols.kassel.telnet import CONTROLS, TelnetLines

_CHAT = Chat()
_DIALECTS = list(DIALECTS.values())


def chat(data: bytes) -> None:
    """Objects with the chat's limits; what is understood can be said in JSON again."""
    framing = ObjectFraming(_CHAT.object_bytes, _CHAT.depth)
    for packet in packets(data):
        framing.feed(packet)
        while (item := framing.next()) is not None:
            if isinstance(item, Damage):
                continue
            try:
                message = decode(item)
            except Undecodable:
                continue
            msgspec.json.encode(message)
    framing.end()


def telnet(data: bytes) -> None:
    """Lines, and an upload behind the first of them if that says so; answers are no longer than what asked."""
    answered: list[bytes] = []
    source = TelnetLines(LONGEST_LINE, answered.append)
    uploading = False
    for packet in packets(data):
        source.feed(packet)
        uploading = _drain(source, uploading)
    source.end()
    _drain(source, uploading)
    # The end of the stream is a line end, which may complete telnet's last word.
    assert sum(map(len, answered)) <= len(data) + 1


def _drain(source: TelnetLines, uploading: bool) -> bool:
    while (item := source.next()) is not None:
        if isinstance(item, bytes):
            uploading = False
        elif isinstance(item, str):
            assert not CONTROLS.search(item)
            if not uploading and item.startswith("UPLOAD"):
                source.expect_upload(4096)
                uploading = True
    return uploading


def plain_lines(data: bytes) -> None:
    """Lines of protocols that have nothing else; none is longer than the limit."""
    source = lines.Lines(512)
    for packet in packets(data):
        source.feed(packet)
        while (item := source.next()) is not None:
            assert isinstance(item, lines.Damage) or len(item) <= 512
    source.end()
    while source.next() is not None:
        pass


class _Pipe:
    """A program's output that can wait."""

    def pause(self) -> None:
        """See ``Source``."""

    def resume(self) -> None:
        """See ``Source``."""


def console(data: bytes) -> None:
    """A run of a program whose dialect the first byte chooses, read in slices as in the server."""
    dialect = _DIALECTS[data[0] % len(_DIALECTS) if data else 0]
    clock = Clock()
    heard: list[object] = []

    def output(text: str, *, prompted: bool) -> None:
        heard.append((text, prompted))

    plan = Plan("fuzz", ("true",), dialect, merge=True)
    reader = OutputReader(clock, plan, deque(maxlen=10), heard.append, output, lambda: None, lambda: None)
    reader.begin_telling(_Pipe())
    for packet in packets(data[1:]):
        reader.hear(packet)
        reader.rest()
        clock.advance(1)
    reader.hear_error(data[1:])
    while clock.getDelayedCalls():
        clock.advance(1)
    reader.tell_the_rest()
    assert len(heard) <= 2 * len(data) + SLICE


TARGETS = (
    # Each of 30,000 empty objects or lines is a message of its own to the limit of messages.
    Target("chat", chat, milliseconds=300),
    Target("telnet", telnet, milliseconds=300),
    Target("lines", plain_lines, milliseconds=100),
    # Read in slices of three milliseconds, between which everybody else has a turn.
    Target("console", console, milliseconds=2000),
)
