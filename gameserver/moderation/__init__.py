"""Keeping the peace once for all protocols: kick, mute, ban, and a log of who did what."""

from gameserver.moderation.moderation import Moderation

__all__ = ["Moderation"]
