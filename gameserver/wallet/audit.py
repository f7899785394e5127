"""What an audit of the books finds."""

from __future__ import annotations

import attrs


@attrs.frozen
class Audit:
    """Counts, and one sentence for everything that does not balance."""

    accounts: int
    entries: int
    rounds: int
    requests: int
    problems: tuple[str, ...]

    @property
    def balanced(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems
