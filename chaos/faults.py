"""Every fault by its name."""

from __future__ import annotations

from chaos import process
from chaos.fault import Fault

_ALL: tuple[Fault, ...] = (*process.FAULTS,)

FAULTS = {fault.name: fault for fault in _ALL}
