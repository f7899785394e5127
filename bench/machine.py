"""What was measured with: the machine, the versions, how busy it was."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

from bench.peers import INSTALLED
from bench.servers import ROOT


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _said(*command: str) -> str:
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return ran.stdout.strip() if ran.returncode == 0 else ""


def _others() -> list[str]:
    found = []
    if program := shutil.which("node"):
        found.append(f"Node {_said(program, '--version')}")
    for name in ("ws", "@colyseus/core"):
        package = INSTALLED / "node_modules" / name / "package.json"
        if package.exists():
            found.append(f"{name} {json.loads(package.read_text())['version']}")
    for where, names in (("asyncio", ("websockets", "picows", "uvloop")), ("evennia", ("evennia",))):
        python = INSTALLED / where / "bin" / "python"
        for name in names if python.exists() else ():
            source = f"from importlib.metadata import version; print(version('{name}'))"
            found.append(f"{name} {_said(str(python), '-c', source)}")
    return found


def described() -> dict[str, str]:
    """Return what belongs to the figures of a run that begins now. Loads above one are other programs' work."""
    ours = [f"{name} {version(name)}" for name in ("Twisted", "autobahn", "msgspec", "pyOpenSSL", "cryptography")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()
    return {
        "begun": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "commit": _said("git", "describe", "--always", "--dirty") or "no repository",
        "machine": f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}",
        "what else ran when it began": "load averages of 1, 5, 15 minutes " + ", ".join(f"{one:.1f}" for one in load),
        "priority of the run (nice)": str(os.nice(0)),
        "versions": ", ".join([f"Python {sys.version.split()[0]}", *ours, *_others()]),
    }
