"""What one client, from one address, can do to everybody else."""

from __future__ import annotations

from chaos.attacks import frames, requests
from chaos.fault import Fault

ATTACKS: tuple[Fault, ...] = tuple(
    attack.fault for module in (requests, frames) for attack in module.ATTACKS
)
