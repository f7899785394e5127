"""The cases of Autobahn's WebSocket test suite, by its port to Python 3 (kosoku), against an echo on ours."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable

from twisted.internet.threads import deferToThread
from twisted.trial.unittest import SkipTest, TestCase

from gameserver.edge.http.site import site, tree
from gameserver.net.websocket import Accepted, Wire, websocket_resource
from tests.integration.server import PATIENCE
from tests.reactor import listen, reactor

#: Framing, pings, reserved bits, opcodes, fragments, UTF-8, closing, a message in many pieces.
CASES = ("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*")
#: Messages of up to 16 MiB; the rest (12 and 13) is about compression, which is not offered.
LONG_CASES = ("9.*",)
LARGEST = 1 << 25

#: How many cases there are, so that none goes missing.
COUNT, LONG_COUNT = 247, 301

#: What is right as well: a connection that is failed as soon as a fragment cannot be UTF-8, or only when the message
#: ends (6.4), and what RFC 6455 leaves open (7.1.6, 7.13).
GOOD = {"OK", "NON-STRICT", "INFORMATIONAL"}
LEFT_OPEN = ("6.4.", "7.1.6", "7.13.")


class Echo:
    """Sends back what comes."""

    wire: Wire

    def opened(self, wire: Wire) -> None:
        self.wire = wire

    def received(self, payload: bytes, binary: bool) -> None:
        self.wire.send(payload, binary)

    def counted(self) -> bool:
        return True

    def heard_all(self, answered: Callable[[], None]) -> None:
        answered()

    def too_slow(self) -> None:
        raise AssertionError("the suite reads")

    def ended(self) -> None:
        """Nothing is held."""


#: How often the suite is started when a signal ends it: it is native code, and its own crash says nothing about us.
ATTEMPTS = 3


def run(url: str, cases: tuple[str, ...]) -> list[dict[str, str]]:
    command = [sys.executable, "-X", "faulthandler", "-m", "tests.integration.autobahn_cases", url, *cases]
    for _ in range(ATTEMPTS):
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        if done.returncode >= 0:
            break
    if done.returncode:
        raise AssertionError(f"exit status {done.returncode}: {done.stderr}")
    results: list[dict[str, str]] = json.loads(done.stdout)
    return results


class AutobahnTests(TestCase):
    timeout = 300

    async def test_every_case_is_passed(self) -> None:
        if importlib.util.find_spec("kosoku") is None:
            raise SkipTest(
                "kosoku, the test suite's port to Python 3, is not installed: it has no wheel for this machine"
            )
        long = bool(os.environ.get("GAMESERVER_LONG"))
        page = websocket_resource(
            reactor, lambda _: Accepted(Echo()), greeting="", message_limit=LARGEST, outbox_bytes=LARGEST
        )
        port = listen(self, site(tree({"echo": page})))
        cases = CASES + LONG_CASES if long else CASES
        results = await deferToThread(run, f"ws://127.0.0.1:{port}/echo", cases)
        self.assertEqual(len(results), LONG_COUNT if long else COUNT)
        for one in results:
            verdicts = {one["behavior"], one["close"]}
            self.assertTrue(verdicts <= (GOOD if one["case"].startswith(LEFT_OPEN) else {"OK"}), one)
