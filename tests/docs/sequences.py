"""Reads the message sequences of a protocol page and plays them against a real protocol.

A sequence is a fenced block of the page's Markdown:

    ```{sequence} two people talk
    # both are logged in
    @anne> {"Command":"05","Message":"hello"}
    @bob< {"Command":"32","Speaker":"anne",…}
    @bob# hangs up
    ```

``> `` is what a client sends, ``< `` what the server answers, ``# `` a remark, which a test may act on or pass over.
``@name`` before the sign says which client; without it the client is ``""``. In an expected line ``…`` matches
anything; ``«word»`` matches anything too and keeps it, and stands for what was kept in every later line.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Protocol

import attrs

SENDS, ANSWERS, REMARK = ">", "<", "#"

_FENCE = re.compile(
    r"^(?P<fence>`{3,})\{sequence\}[ \t]*(?P<name>[^\n]*)\n(?P<body>.*?)^(?P=fence)[ \t]*$", re.M | re.S
)
_LINE = re.compile(r"(?:@(?P<client>\w+))?(?P<direction>[<>#])(?: (?P<text>.*))?")
_OPEN = re.compile(r"…|«(?P<word>\w+)»")


@attrs.frozen
class Step:
    """One line of a sequence. ``direction`` is ``>``, ``<`` or ``#``."""

    client: str
    direction: str
    text: str


def sequences(page: str) -> dict[str, list[Step]]:
    """Return the sequences of a page's text by name, in the page's order.

    Raises ``ValueError`` for a line that is none of a sequence's, a block without a name or a name that comes twice.
    """
    found: dict[str, list[Step]] = {}
    for block in _FENCE.finditer(page):
        name = block["name"].strip()
        if not name or name in found:
            raise ValueError(f"a sequence needs a name of its own: {name!r}")
        found[name] = [_step(name, line) for line in block["body"].splitlines() if line.strip()]
    return found


def _step(name: str, line: str) -> Step:
    match = _LINE.fullmatch(line.rstrip())
    if match is None:
        raise ValueError(f"{name}: not a line of a sequence: {line!r}")
    return Step(match["client"] or "", match["direction"], match["text"] or "")


def matches(expected: str, actual: str, kept: dict[str, str] | None = None) -> bool:
    """Say whether a line is as expected; what ``«word»`` matched is put into ``kept``."""
    known = {} if kept is None else kept
    expected = filled(expected, known)
    pattern, groups, end = "", [], 0
    for gap in _OPEN.finditer(expected):
        pattern += re.escape(expected[end : gap.start()])
        word, end = gap["word"], gap.end()
        if word is None:
            pattern += ".*"
        elif word in groups:
            pattern += f"(?P={word})"
        else:
            groups.append(word)
            pattern += f"(?P<{word}>.*?)"
    match = re.fullmatch(pattern + re.escape(expected[end:]), actual, re.S)
    if match is None:
        return False
    known.update(match.groupdict())
    return True


def filled(text: str, kept: dict[str, str]) -> str:
    """Return a line with everything put in that has been kept so far."""
    return re.sub(r"«(\w+)»", lambda gap: kept.get(gap[1], gap[0]), text)


class Peer(Protocol):
    """One client of a played sequence."""

    def send(self, text: str) -> None:
        """Send a line of the page, in whatever frame the protocol has."""

    async def receive(self) -> str:
        """Return the next thing the server sent, as the page would show it; fail if nothing comes."""


async def play(
    steps: list[Step],
    connect: Callable[[str], Awaitable[Peer]],
    remark: Callable[[str, str], Awaitable[None]] | None = None,
) -> dict[str, str]:
    """Play a sequence; each client is connected by name when it first sends or must receive.

    ``remark`` is told the remarks, with the client's name. Returns what ``«word»`` has kept. Raises
    ``AssertionError`` when an answer is not as the page says.
    """
    peers: dict[str, Peer] = {}
    kept: dict[str, str] = {}
    for number, step in enumerate(steps, 1):
        if step.direction == REMARK:
            if remark is not None:
                await remark(step.client, step.text)
            continue
        if step.client not in peers:
            peers[step.client] = await connect(step.client)
        if step.direction == SENDS:
            peers[step.client].send(filled(step.text, kept))
            continue
        actual = await peers[step.client].receive()
        if not matches(step.text, actual, kept):
            who = f" for {step.client}" if step.client else ""
            raise AssertionError(f"step {number}{who}: expected {filled(step.text, kept)}, got {actual}")
    return kept
