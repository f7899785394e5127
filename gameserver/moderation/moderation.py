"""What moderators can do; the same from the hub, the site and the command line."""

from __future__ import annotations

from ipaddress import ip_address

from twisted.internet.interfaces import IReactorTime

from gameserver.errors import Code, GameError
from gameserver.moderation.store import AuditEntry, ModerationStore, Sanction
from gameserver.sessions.manager import SessionManager
from gameserver.sessions.players import Player, name_key

#: Roles that may moderate.
MODERATORS = frozenset({"moderator", "admin"})


class Moderation:
    """Kicks, mutes and bans, kept and logged. ``refresh`` takes over what another process has changed.

    The rooms ask ``muted``; the composition root joins them.
    """

    def __init__(self, sessions: SessionManager, store: ModerationStore, clock: IReactorTime) -> None:
        self._sessions = sessions
        self._store = store
        self._clock = clock
        self._mutes: dict[str, int | None] = {}

    @property
    def _now_ms(self) -> int:
        return int(self._clock.seconds() * 1000)

    async def refresh(self) -> None:
        """Take over the sanctions in force, and put out who is banned and still here."""
        now = self._now_ms
        current = [item for item in await self._store.all() if item.until_ms is None or item.until_ms > now]
        bans = {item.subject for item in current if item.kind == "ban"}
        self._mutes = {item.subject: item.until_ms for item in current if item.kind == "mute"}
        hosts = {form for host in _subjects(bans, "address:") for form in _forms(host)}
        names = _subjects(bans, "name:")
        new_hosts, new_names = hosts - self._sessions.refused, names - self._sessions.refused_players
        self._sessions.refused, self._sessions.refused_players = hosts, names
        if new_hosts or new_names:
            self._sessions.disconnect(
                [
                    session
                    for session in self._sessions
                    if session.address in new_hosts
                    or (session.player is not None and session.player.key in new_names)
                ],
                "banned",
                "You have been banned.",
            )

    def muted(self, player: Player) -> bool:
        """Say whether a player may not speak now."""
        until = self._mutes.get(f"name:{player.key}", 0)
        return until is None or until > self._now_ms

    async def kick(self, name: str, by: str, reason: str = "") -> int:
        """End every session of a player, at all protocols; return how many. Raises ``GameError`` ``not_online``."""
        reason = _one_line(reason)
        sessions = [s for s in self._sessions if s.player is not None and s.player.key == name_key(name)]
        if not sessions:
            raise GameError(Code.NOT_ONLINE, f"{name} is not online.")
        await self._note(by, "kick", f"name:{name_key(name)}", reason)
        return self._sessions.disconnect(sessions, "kicked", reason or "You have been kicked.")

    async def mute(self, name: str, by: str, reason: str = "", minutes: int | None = None) -> None:
        """Take a player's word, for some minutes or for good."""
        await self._put("mute", f"name:{name_key(name)}", by, reason, minutes)

    async def ban(self, name: str, by: str, reason: str = "", minutes: int | None = None) -> None:
        """Keep a player out, for some minutes or for good, and end their sessions."""
        await self._put("ban", f"name:{name_key(name)}", by, reason, minutes)

    async def ban_address(self, address: str, by: str, reason: str = "", minutes: int | None = None) -> None:
        """Keep an address out, for some minutes or for good, and end its sessions.

        Raises ``GameError`` ``bad_address`` for what is none; a host's name is none.
        """
        await self._put("ban", f"address:{_canonical(address)}", by, reason, minutes)

    async def lift(self, kind: str, subject: str, by: str) -> None:
        """End a sanction before its time. Raises ``GameError`` ``no_sanction`` or ``bad_address``.

        ``subject`` is that of the sanction; an address may be written in any form.
        """
        if not await self._store.remove(kind, subject):
            host = subject.removeprefix("address:")
            other = f"address:{_canonical(host)}" if host != subject else subject
            if not await self._store.remove(kind, other):
                raise GameError(Code.NO_SANCTION, f"There is no {kind} of {subject.partition(':')[2]}.")
            subject = other
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
        reason = _one_line(reason)
        until = None if minutes is None else self._now_ms + minutes * 60_000
        await self._store.put(Sanction(kind, subject, reason, by, self._now_ms, until))
        await self._note(by, kind, subject, reason if minutes is None else f"{minutes} minutes: {reason}")
        await self.refresh()

    async def _note(self, actor: str, action: str, subject: str, detail: str) -> None:
        await self._store.note(AuditEntry(self._now_ms, actor, action, subject, detail))


def _subjects(bans: set[str], kind: str) -> set[str]:
    return {subject.removeprefix(kind) for subject in bans if subject.startswith(kind)}


def _canonical(address: str) -> str:
    try:
        found = ip_address(address.strip())
    except ValueError:
        raise GameError(Code.BAD_ADDRESS, f"{address[:80]} is no IP address.") from None
    return str(getattr(found, "ipv4_mapped", None) or found)


def _forms(address: str) -> tuple[str, ...]:
    """Return an address as sockets may show it: one for both families shows an IPv4 address as an IPv6 one."""
    return (address, f"::ffff:{address}")


def _one_line(reason: str) -> str:
    """Return a reason as all protocols can say it, also those that speak in lines."""
    return " ".join("".join(character if character.isprintable() else " " for character in reason).split())[:500]
