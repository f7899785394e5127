"""The configuration: one frozen tree, checked whole before anything listens."""

from gameserver.config.loading import ConfigError, load
from gameserver.config.tree import Config

__all__ = ["Config", "ConfigError", "load"]
