"""Every fault by its name."""

from __future__ import annotations

from chaos import clock, descriptors, disk, engine, nodes, postgres, process, redis
from chaos.attacks import ATTACKS
from chaos.fault import Fault

_MODULES = (process, disk, postgres, redis, clock, descriptors, engine, nodes)

FAULTS: dict[str, Fault] = {
    fault.name: fault for fault in (*(fault for module in _MODULES for fault in module.FAULTS), *ATTACKS)
}
