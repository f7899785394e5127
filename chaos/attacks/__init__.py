"""What one client, from one address, can do to everybody else."""

from __future__ import annotations

from chaos.attacks import archives, bodies, comings, feeds, frames, games, headers, messages, passwords, requests
from chaos.fault import Fault

ATTACKS: tuple[Fault, ...] = tuple(
    attack.fault
    for module in (archives, requests, headers, bodies, passwords, frames, comings, feeds, messages, games)
    for attack in module.ATTACKS
)
