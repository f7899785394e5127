"""A protocol's end of a session without a protocol."""

from __future__ import annotations


class RecordingSink:
    """Keeps what it was told; ``closed`` is the code and text of the end, or ``None``."""

    def __init__(self) -> None:
        self.payloads: list[bytes] = []
        self.closed: tuple[str, str] | None = None

    def deliver(self, payload: bytes) -> None:
        """Keep a payload."""
        self.payloads.append(payload)

    def close(self, code: str, text: str) -> None:
        """Keep the end."""
        self.closed = (code, text)
