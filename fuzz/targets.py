"""Every target by its name."""

from __future__ import annotations

from fuzz import files, messages, requests, streams

TARGETS = {target.name: target for module in (streams, messages, requests, files) for target in module.TARGETS}
