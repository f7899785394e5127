"""What testssl.sh says of our TLS ports: nothing but that the certificates are made by ourselves."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from gameserver.net.tls import make_certificate
from tests.directories import temporary_directory
from tests.integration.server import PATIENCE, Server, free_port
from tests.integration.test_tls_policy import rsa_certificate

#: Everything it knows takes a minute a port and more. What a browser is told and the versions take seconds;
#: ``test_tls_policy`` tries the suites.
PARTS = () if os.environ.get("GAMESERVER_LONG") else ("--protocols", "--headers")

#: What is said of a certificate that nobody has signed for a name that nobody has given out; that a WebSocket's path
#: answers a browser with 426, chat with 400; and of the OpenSSL that testssl itself has found here, not of ours.
EXPECTED = ("cert_", "DNS_CAArecord", "HTTP_status_code", "engine_problem")


class TestsslTests(SynchronousTestCase):
    def setUp(self) -> None:
        program = shutil.which("testssl") or shutil.which("testssl.sh")
        if program is None:
            raise SkipTest("no testssl here (Debian's testssl.sh)")
        self.program = program
        self.files = temporary_directory()
        certificate, key = make_certificate(self.files)
        rsa, rsa_key = rsa_certificate(self.files)
        self.site, self.games = free_port(), free_port()
        settings = (
            f'web.endpoints=["ssl:{self.site}:privateKey={key}:certKey={certificate}:interface=127.0.0.1"]',
            f'invoker.endpoints=["ssl:{self.games}:privateKey={rsa_key}:certKey={rsa}:interface=127.0.0.1"]',
        )
        self.server = Server(("chat.tls",), settings)
        self.addCleanup(self.server.kill)
        self.server.start()

    def scan(self, key: str, place: str) -> list[dict[str, Any]]:
        found = Path(self.files) / f"{key}.json"
        command = [self.program, "--quiet", "--warnings", "off", *PARTS, "--jsonfile", str(found), place]
        # Its exit status counts what it has found, the certificate included.
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=5 * PATIENCE, check=False)
        findings: list[dict[str, Any]] = json.loads(found.read_text())
        return findings

    def test_nothing_is_wrong_but_that_we_have_made_the_certificates(self) -> None:
        places = {
            "chat.tls": f"127.0.0.1:{self.server.ports['chat.tls']}",
            "web.endpoints": f"127.0.0.1:{self.site}",
            "invoker.endpoints": f"127.0.0.1:{self.games}/v1/ws",
        }
        with ThreadPoolExecutor(len(places)) as pool:
            scans = dict(zip(places, pool.map(self.scan, places, places.values()), strict=True))
        for key, findings in scans.items():
            with self.subTest(key):
                by_id = {finding["id"]: finding for finding in findings}
                self.assertEqual(by_id["TLS1_3"]["severity"], "OK", key)
                self.assertIn("15552000", by_id["HSTS_time"]["finding"], key)
                self.assertEqual(by_id["X-Frame-Options"]["finding"], "DENY", key)
                wrong = [
                    f"{finding['id']} {finding['severity']}: {finding['finding']}"
                    for finding in findings
                    if finding["severity"] not in ("OK", "INFO") and not finding["id"].startswith(EXPECTED)
                ]
                self.assertEqual(wrong, [], key)
