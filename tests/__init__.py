"""The tests; what holds for all of Hypothesis' is set here, where every runner comes by.

A slow or busy machine is no mistake of the code, so nothing is timed. The examples are the same in every run, and new
ones with GAMESERVER_LONG=1.
"""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "gameserver",
    deadline=None,
    derandomize=not os.environ.get("GAMESERVER_LONG"),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("gameserver")
