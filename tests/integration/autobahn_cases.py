"""Runs cases of Autobahn's test suite against a WebSocket that echoes, and writes a JSON list of what came of each.

``python -m tests.integration.autobahn_cases URL CASES…``, the cases as patterns such as ``1.*``. A program of its
own, so that it can be ended when a case never ends.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys


async def run(url: str, cases: list[str]) -> list[dict[str, str]]:
    """Return number, verdicts and their reasons of each case."""
    import kosoku

    try:
        results = await kosoku.run_fuzzingclient(url, cases, concurrency=4)
    except kosoku.FailureError as error:
        results = error.results
    return [
        {
            "case": one.case_id,
            "behavior": one.behavior.value,
            "close": one.behavior_close.value,
            "why": f"{one.result} {one.result_close} {one.description}",
        }
        for one in results
    ]


if __name__ == "__main__":
    json.dump(asyncio.run(run(sys.argv[1], sys.argv[2:])), sys.stdout)
    sys.stdout.flush()
    # The suite's native threads are not waited for: they may crash an interpreter that is being taken down.
    os._exit(0)
