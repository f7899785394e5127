"""Print the lines of a hosts file that lead Techmino clients to a server of your own."""

from __future__ import annotations

import argparse
import ipaddress

from gameserver.edge.part import Installation
from gameserver.errors import Code, GameError
from gameserver.protocols.techmino.releases import RELEASES, Releases, hosts

NAME = "techmino-hosts"
ABOUT = "print the lines for a hosts file that lead Techmino clients here"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("address", help="the address of this server in your network, such as 192.168.1.10")


def run(parsed: argparse.Namespace, _installation: Installation) -> int:
    """Print them. Raises ``GameError`` ``bad_address``."""
    try:
        address = ipaddress.ip_address(parsed.address)
    except ValueError:
        raise GameError(Code.BAD_ADDRESS, f"{parsed.address} is no IP address such as 192.168.1.10.") from None
    print("# Techmino. Linux, macOS: /etc/hosts; Windows: C:\\Windows\\System32\\drivers\\etc\\hosts")
    for host, groups in hosts().items():
        print(f"{address} {host}  # {', '.join(map(_about, groups))}")
    for releases in RELEASES:
        if not releases.named:
            print(
                f"# {_about(releases)} asks for {releases.host} itself: take another release, or route that address"
            )
    return 0


def _about(releases: Releases) -> str:
    span = releases.first if releases.first == releases.last else f"{releases.first} to {releases.last}"
    return f"{span}: port {', '.join(map(str, releases.ports))}"
