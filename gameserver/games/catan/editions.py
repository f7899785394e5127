"""The editions of these rules.

A match is played to its end, and played again, by the rules it began with: its header names their edition, and what
has changed since asks ``State.edition``.
"""

from __future__ import annotations

#: What headers without a word about it mean.
FIRST = 1

#: The answers of the publisher's "Cities & Knights" FAQ: a city on its side, the fourth level, the seventh defence,
#: what a card says one *may* do, one forced trade a turn and opponent.
ANSWERED = 2

LATEST = ANSWERED
