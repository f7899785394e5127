"""Every fault by its name."""

from __future__ import annotations

from chaos.fault import Fault

_ALL: tuple[Fault, ...] = ()

FAULTS = {fault.name: fault for fault in _ALL}
