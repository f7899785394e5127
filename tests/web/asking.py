"""Requests of the tests to pages that a test serves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.trial.unittest import TestCase
from twisted.web.resource import IResource

from gameserver.edge.http.site import site, tree
from tests.reactor import listen, reactor
from tests.web.test_site import PATIENCE, Raw


class Asking:
    """``serve`` some pages, then ``ask``."""

    port: int

    def serve(self, pages: Mapping[str, IResource]) -> None:
        """Listen until the end of the test."""
        self.port = listen(cast("TestCase", self), site(tree(dict(pages))))

    async def ask(self, method: str, path: str, value: object = None, token: str = "") -> tuple[int, Any]:
        """Return the status and the answer, decoded if it is JSON; bytes are sent as they are."""
        data = b"" if value is None else value if isinstance(value, bytes) else json.dumps(value).encode()
        raw = Raw()
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", self.port), raw)
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(data)}\r\n"
        head += f"Authorization: Bearer {token}\r\n" if token else ""
        raw.transport.write(head.encode() + b"\r\n" + data)
        head_bytes, _, content = (await raw.ended.addTimeout(PATIENCE, reactor)).partition(b"\r\n\r\n")
        if b"chunked" in head_bytes:
            content = content.split(b"\r\n")[1]
        try:
            found = json.loads(content)
        except ValueError:
            found = content
        return int(head_bytes.split()[1]), found
