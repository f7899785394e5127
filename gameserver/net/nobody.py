"""What a connection's parts call when there is no client, or none any more.

A connection and its parts know each other. When it ends, each part calls this instead, so that the connection is
freed at once: where very many come and go, what they leave behind would be looked for in everybody's time.
"""

from __future__ import annotations


def nobody(*_told: object) -> None:
    """Tell nobody."""
