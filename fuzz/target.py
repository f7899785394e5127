"""What a target is, and what an input must not do to it."""

from __future__ import annotations

import hashlib
import random
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

FUZZ = Path(__file__).parent

#: The inputs that every run begins with: for each target a folder, kept in the repository.
CORPUS = FUZZ / "corpus"

#: What runs leave behind, outside of the repository: the corpora as they have grown, and inputs that failed.
LEFT = FUZZ.parent / ".fuzz"
FOUND = LEFT / "found"

#: Longest input, and what the bounds of time are for, in bytes.
LONGEST = 65536

#: Times an input is tried before it is called slow: another process may have been in the way.
ATTEMPTS = 4

#: Memory that any input may take, and that each of its bytes may take besides, in bytes.
MEMORY, MEMORY_PER_BYTE = 16 << 20, 64


class TooMuch(Exception):
    """An input that costs more time or memory than its bytes are worth."""


@attrs.frozen
class Target:
    """One decoder. ``feed`` gives it an input as a client's bytes come to it, and swallows documented refusals only.

    ``milliseconds`` is the processor time that an input of ``LONGEST`` bytes, or a shorter one, may take.
    """

    name: str
    feed: Callable[[bytes], None]
    milliseconds: int = 50

    @property
    def corpus(self) -> Path:
        """The folder of the inputs to begin with."""
        return CORPUS / self.name

    @property
    def grown(self) -> Path:
        """The folder of the inputs that earlier runs have found to reach other code."""
        return LEFT / "corpus" / self.name

    def inputs(self, *, grown: bool = False) -> Iterator[bytes]:
        """Give the inputs of the corpus, also those of the grown one."""
        for folder in (self.corpus, self.grown) if grown else (self.corpus,):
            for file in sorted(folder.glob("*")):
                yield file.read_bytes()

    def time(self, data: bytes, slack: float = 1.0) -> None:
        """Feed an input. Raises ``TooMuch`` if it is slow, and whatever the decoder lets out."""
        allowed = self.milliseconds / 1000 * max(1.0, len(data) / LONGEST) * slack
        for _ in range(ATTEMPTS):
            began = time.thread_time()
            self.feed(data)
            spent = time.thread_time() - began
            if spent <= allowed:
                return
        raise TooMuch(f"{len(data)} bytes took {spent * 1000:.0f} ms, allowed are {allowed * 1000:.0f} ms")

    def weigh(self, data: bytes) -> None:
        """Feed an input. Raises ``TooMuch`` if it takes too much memory, and whatever the decoder lets out."""
        allowed = MEMORY + MEMORY_PER_BYTE * len(data)
        tracemalloc.start()
        try:
            self.feed(data)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        if peak > allowed:
            raise TooMuch(f"{len(data)} bytes took {peak >> 10} KiB of memory, allowed are {allowed >> 10} KiB")

    def keep(self, data: bytes) -> Path:
        """Write an input down that has failed, and return where."""
        FOUND.mkdir(parents=True, exist_ok=True)
        file = FOUND / f"{self.name}-{hashlib.sha1(data, usedforsecurity=False).hexdigest()[:16]}"
        file.write_bytes(data)
        return file


def packets(data: bytes) -> list[bytes]:
    """Cut an input as a network might: anywhere, in up to 40 pieces, the same every time."""
    chance = random.Random(zlib.crc32(data))
    cuts = sorted(chance.randrange(len(data) + 1) for _ in range(chance.choice((0, 3, 40))))
    return [data[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
