"""Every fault by its name."""

from __future__ import annotations

from chaos.fault import Fault

FAULTS: dict[str, Fault] = {fault.name: fault for fault in ()}
