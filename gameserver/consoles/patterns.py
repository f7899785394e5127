"""Regular expressions that cannot stall the server: RE2 needs time in proportion to the line, whatever the pattern.

Look-around and back references, which would need more, are no part of the language and are refused at the start.
"""

from __future__ import annotations

from typing import Any

import re2

#: A compiled expression. The library has no types.
Pattern = Any

#: Memory one compiled expression may take, in bytes.
MEMORY = 1 << 20


class PatternError(Exception):
    """An expression that is none; the text says why."""


def pattern(source: str) -> Pattern:
    """Compile an expression. Raises ``PatternError``."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY
    try:
        return re2.compile(source, options)
    except re2.error as error:
        reason = error.args[0] if error.args else "wrong"
        raise PatternError(reason.decode() if isinstance(reason, bytes) else str(reason)) from None
