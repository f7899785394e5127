"""Which modules of the pages import which."""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import dirname, join, normpath

from gameserver.web.content import Content

#: An import at the beginning of a module, over one line or more; imports in the middle are for later.
_IMPORT = re.compile(r'^(?:import|export)\b[^;"]*"(\.[^"]+)";', re.MULTILINE)


def imported(found: Mapping[str, Content], *first: str) -> list[str]:
    """Return the modules that some modules import, those as well, and what these import, each once."""
    seen = list(first)
    for path in seen:
        for relative in _IMPORT.findall(found[path].content.decode()):
            module = normpath(join(dirname(path), relative))
            if module not in seen:
                seen.append(module)
    return seen
