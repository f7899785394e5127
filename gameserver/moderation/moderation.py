"""What moderators can do; the same from the hub, the site and the command line."""

from __future__ import annotations

from twisted.internet.interfaces import IReactorTime

from gameserver.errors import GameError
from gameserver.moderation.store import AuditEntry, ModerationStore, Sanction
from gameserver.rooms.rooms import Rooms
from gameserver.sessions.manager import SessionManager
from gameserver.sessions.players import Player, name_key

#: Roles that may moderate.
MODERATORS = frozenset({"moderator", "admin"})


class Moderation:
    """Kicks, mutes and bans, kept and logged. ``refresh`` takes over what another process has changed."""

    def __init__(self, sessions: SessionManager, rooms: Rooms, store: ModerationStore, clock: IReactorTime) -> None:
        self._sessions = sessions
        self._store = store
        self._clock = clock
        self._mutes: dict[str, int | None] = {}
        rooms.muted = self.muted

    @property
    def _now_ms(self) -> int:
        return int(self._clock.seconds() * 1000)

    async def refresh(self) -> None:
        """Take over the sanctions in force, and put out who is banned and still here."""
        now = self._now_ms
        current = [item for item in await self._store.all() if item.until_ms is None or item.until_ms > now]
        bans = {item.subject for item in current if item.kind == "ban"}
        self._mutes = {item.subject: item.until_ms for item in current if item.kind == "mute"}
        refused = {subject.partition(":")[2] for subject in bans}
        fresh = refused - self._sessions.refused
        self._sessions.refused.clear()
        self._sessions.refused.update(refused)
        if fresh:
            self._sessions.disconnect(
                [
                    session
                    for session in self._sessions
                    if session.address in fresh or (session.player is not None and session.player.key in fresh)
                ],
                "banned",
                "You have been banned.",
            )

    def muted(self, player: Player) -> bool:
        """Say whether a player may not speak now."""
        until = self._mutes.get(f"name:{player.key}", 0)
        return until is None or until > self._now_ms

    async def kick(self, name: str, by: str, reason: str = "") -> int:
        """End every session of a player, at all doors; return how many. Raises ``GameError`` ``not_online``."""
        sessions = [s for s in self._sessions if s.player is not None and s.player.key == name_key(name)]
        if not sessions:
            raise GameError("not_online", f"{name} is not online.")
        await self._note(by, "kick", f"name:{name_key(name)}", reason)
        return self._sessions.disconnect(sessions, "kicked", reason or "You have been kicked.")

    async def mute(self, name: str, by: str, reason: str = "", minutes: int | None = None) -> None:
        """Take a player's word, for some minutes or for good."""
        await self._put("mute", f"name:{name_key(name)}", by, reason, minutes)

    async def ban(self, name: str, by: str, reason: str = "", minutes: int | None = None) -> None:
        """Keep a player out, for some minutes or for good, and end his sessions."""
        await self._put("ban", f"name:{name_key(name)}", by, reason, minutes)

    async def ban_address(self, address: str, by: str, reason: str = "", minutes: int | None = None) -> None:
        """Keep an address out, for some minutes or for good, and end its sessions."""
        await self._put("ban", f"address:{address}", by, reason, minutes)

    async def lift(self, kind: str, subject: str, by: str) -> None:
        """End a sanction before its time. Raises ``GameError`` ``no_sanction`` if there is none."""
        if not await self._store.remove(kind, subject):
            raise GameError("no_sanction", f"There is no {kind} of {subject.partition(':')[2]}.")
        await self._note(by, f"lift {kind}", subject, "")
        await self.refresh()

    async def sanctions(self) -> list[Sanction]:
        """Return every sanction that is kept."""
        return await self._store.all()

    async def log(self, limit: int = 100) -> list[AuditEntry]:
        """Return the newest lines of the audit log, newest first."""
        return await self._store.log(limit)

    async def note(self, actor: str, action: str, subject: str, detail: str = "") -> None:
        """Add a line to the audit log: for what operators do elsewhere (a console command, a role)."""
        await self._note(actor, action, subject, detail)

    async def _put(self, kind: str, subject: str, by: str, reason: str, minutes: int | None) -> None:
        until = None if minutes is None else self._now_ms + minutes * 60_000
        await self._store.put(Sanction(kind, subject, reason, by, self._now_ms, until))
        await self._note(by, kind, subject, reason if minutes is None else f"{minutes} minutes: {reason}")
        await self.refresh()

    async def _note(self, actor: str, action: str, subject: str, detail: str) -> None:
        await self._store.note(AuditEntry(self._now_ms, actor, action, subject, detail))
