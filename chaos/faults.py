"""Every fault by its name."""

from __future__ import annotations

from chaos import clock, disk, postgres, process
from chaos.fault import Fault

_ALL: tuple[Fault, ...] = (*process.FAULTS, *disk.FAULTS, *postgres.FAULTS, *clock.FAULTS)

FAULTS = {fault.name: fault for fault in _ALL}
