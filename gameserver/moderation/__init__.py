"""Keeping the peace once for all protocols: kick, mute, ban, and a log of who did what."""

from gameserver.moderation.moderation import Moderation
from gameserver.moderation.rule import COMMAND_LINE, MODERATORS, Actor

__all__ = ["COMMAND_LINE", "MODERATORS", "Actor", "Moderation"]
