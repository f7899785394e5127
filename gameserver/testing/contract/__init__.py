"""What the edge owes every connection, as a suite that any protocol's tests can run.

A protocol says in a ``Driver`` how it is spoken. For each of its transports its tests derive a class from
``EdgeContract``, or from ``PlayerContract`` where people log in, and name driver and transport. Import this package,
not the classes: both runners take a class in a test module for tests.
"""

from gameserver.testing.contract.edge import LIMITS, EdgeContract
from gameserver.testing.contract.players import PlayerContract

__all__ = ["LIMITS", "EdgeContract", "PlayerContract"]
