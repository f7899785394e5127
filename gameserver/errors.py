"""The one exception whose text reaches a client, and those whose text an operator reads."""

from __future__ import annotations

from collections.abc import Mapping


class GameError(Exception):
    """Something a person did that cannot be done. Every protocol turns it into its own error message.

    ``code`` is a stable word for programs (``name_taken``), ``text`` one English sentence for people, ``details``
    further facts for protocols whose protocol has a place for them.
    """

    def __init__(self, code: str, text: str, details: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
        self.details = dict(details or {})


class Unavailable(GameError):
    """The database is out of reach or cannot write; the same may work later. ``reason`` is for operators."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__("busy", "The server cannot reach its data at the moment; please try again later.")


class StartError(Exception):
    """Something without which the server cannot start; the text is one line for the operator."""


def in_one_line(error: OSError) -> str:
    """Return what the system has refused, and on which file if it says so."""
    if error.filename is None:
        return error.strerror or str(error)
    return f"{error.filename}: {error.strerror}"
