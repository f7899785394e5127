"""How many files, and so connections, the process may have open."""

from __future__ import annotations

import resource


def raise_open_files() -> tuple[int, int]:
    """Raise the soft limit of open files to the hard one; return it before and after.

    The usual soft limit of 1024 is less than the connections the configuration allows.
    """
    before, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (ValueError, OSError):
        # Some systems call the hard limit unlimited and take no number near it.
        return before, before
    return before, hard
