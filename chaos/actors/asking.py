"""Asking the site as a page does, on a blocking connection."""

from __future__ import annotations

import http.client
import json
from typing import Any

from tests.integration.server import PATIENCE


def ask(port: int, path: str, body: object = None, token: str = "") -> tuple[int, Any]:
    """Return the status and the JSON of an answer; a body makes it a POST. Raises ``OSError``."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        if body is None:
            connection.request("GET", path, headers=headers)
        else:
            connection.request("POST", path, json.dumps(body), {**headers, "Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    except http.client.HTTPException as error:
        raise ConnectionError(f"no whole answer: {error!r}") from None
    finally:
        connection.close()


def account(port: int, name: str, password: str) -> None:
    """Make an account. Raises ``AssertionError`` if it is refused."""
    status, answer = ask(port, "/api/accounts", {"name": name, "password": password})
    assert status == 200, answer
