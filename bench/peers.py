"""The servers of others: installed into ``bench/.peers`` once, each started with a name such as ``node ws-echo``."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from bench.servers import Missing, Peer, certified

HERE = Path(__file__).resolve().parent
SCRIPTS = HERE / "peers"
INSTALLED = HERE / ".peers"
NODE = ("ws", "@colyseus/core", "@colyseus/ws-transport", "express")
PYTHON = ("websockets", "picows", "uvloop")
#: Seats that Colyseus reserves: a connection a seat.
SEATS = 50

NAMES = {
    "stock ws-echo": "stock Autobahn, bare echo",
    "stock ws-all": "stock Autobahn, prepared broadcast",
    "stock line-echo": "stock LineOnlyReceiver, bare echo",
    "stock line-all": "stock LineOnlyReceiver, bare broadcast",
    "stock tls-echo": "stock listenSSL, bare echo",
    "node ws-echo": "node ws, bare echo",
    "node ws-all": "node ws, bare broadcast",
    "node net-echo": "node net, bare echo",
    "node net-all": "node net, bare broadcast",
    "colyseus": "Colyseus, message echo",
    "websockets": "websockets, bare echo",
    "picows": "picows on uvloop, bare echo",
}


def _install(what: str, command: list[str], directory: Path) -> None:
    print(f"  installing {what} (once)", flush=True)
    ran = subprocess.run(command, cwd=directory, capture_output=True, text=True)
    if ran.returncode:
        raise Missing(f"{what} could not be installed: {(ran.stderr or ran.stdout).strip()[-300:]}")


@cache
def node() -> str:
    """Return the program Node, with the packages beside. Raises ``Missing``."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None:
        raise Missing("no Node.js here")
    if not all((INSTALLED / "node_modules" / name).is_dir() for name in NODE):
        if npm is None:
            raise Missing("no npm here")
        INSTALLED.mkdir(exist_ok=True)
        (INSTALLED / "package.json").write_text('{"private": true}\n')
        _install("ws and Colyseus", [npm, "install", "--no-audit", "--no-fund", "--loglevel=error", *NODE], INSTALLED)
    return program


def environment(name: str, packages: tuple[str, ...]) -> Path:
    """Return where the programs of an environment of its own are, in which these packages are. Raises ``Missing``."""
    where = INSTALLED / name
    done = where / ".done"
    if not done.exists():
        INSTALLED.mkdir(exist_ok=True)
        shutil.rmtree(where, ignore_errors=True)
        _install(f"an environment for {name}", [sys.executable, "-m", "venv", str(where)], HERE)
        pip = [str(where / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
        _install(", ".join(packages), [*pip, *packages], HERE)
        done.touch()
    return where / "bin"


class Colyseus(Peer):
    """Its seats are paths of their own, in a file for the load generator."""

    def __init__(self) -> None:
        command = [node(), str(SCRIPTS / "colyseus.mjs"), str(SEATS)]
        self.paths = INSTALLED / "colyseus.paths"
        super().__init__("Colyseus", command, INSTALLED, self.paths)


def start(name: str) -> Peer:
    """Start one. Raises ``Missing`` with the reason if it cannot be had."""
    kind, _, what = name.partition(" ")
    if kind == "node":
        return Peer(name, [node(), str(SCRIPTS / "node.mjs"), what], INSTALLED)
    if kind == "colyseus":
        return Colyseus()
    if kind == "stock":
        files = []
        if what == "tls-echo":
            INSTALLED.mkdir(exist_ok=True)
            files = [str(file) for file in certified(INSTALLED)]
        return Peer(name, [sys.executable, str(SCRIPTS / "stock.py"), what, *files])
    python = environment("asyncio", PYTHON) / "python"
    return Peer(name, [str(python), str(SCRIPTS / "modern.py"), kind])
