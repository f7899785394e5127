"""What moderators can do; the same from the hub, the site and the command line."""

from __future__ import annotations

from collections.abc import Iterable

from twisted.internet.interfaces import IReactorTime

from gameserver.accounts import Account, Accounts
from gameserver.errors import Code, GameError
from gameserver.moderation.rule import COMMAND_LINE, Actor, canonical, check_address, check_person
from gameserver.moderation.store import AuditEntry, ModerationStore, Sanction
from gameserver.reactor import wall
from gameserver.sessions.addresses import network_of
from gameserver.sessions.manager import REVOKED, RIGHTS, SessionManager
from gameserver.sessions.players import Player, name_key
from gameserver.sessions.session import Session


class Moderation:
    """Kicks, mutes, bans and revocations, kept and logged. ``refresh`` takes over what another process has changed.

    The rooms ask ``muted``; the composition root joins them. Who may act against whom is decided in ``rule``.
    """

    def __init__(
        self, sessions: SessionManager, store: ModerationStore, accounts: Accounts, clock: IReactorTime
    ) -> None:
        self._sessions = sessions
        self._store = store
        self._accounts = accounts
        self._clock = clock
        #: Until when, by subject; those of guests by address.
        self._mutes: dict[str, int | None] = {}
        self._guest_mutes: dict[str, int | None] = {}
        #: Where each operator has used the site last.
        self._at_the_site: dict[str, tuple[Player, str]] = {}

    @property
    def _now_ms(self) -> int:
        return int(wall(self._clock) * 1000)

    async def refresh(self) -> None:
        """Take over what is in force, and put out who is still here and banned, or in an older epoch."""
        now = self._now_ms
        current = [item for item in await self._store.all() if item.until_ms is None or item.until_ms > now]
        current += await self._follow_guests(current)
        self._mutes = {item.subject: item.until_ms for item in current if item.kind == "mute"}
        self._guest_mutes = _of_guests("mute", current)
        bans = {item.subject for item in current if item.kind == "ban"}
        # Of IPv6 an older ban names one address; it holds for its network like those of today.
        hosts = {network_of(host) for host in _subjects(bans, "address:")}
        names = _subjects(bans, "name:")
        guests = set(_of_guests("ban", current))
        sessions = self._sessions
        changed = (hosts - sessions.refused, names - sessions.refused_players, guests - sessions.refused_guests)
        sessions.refused, sessions.refused_players, sessions.refused_guests = hosts, names, guests
        if any(changed):
            out = [session for session in sessions if _concerns(session, *changed)]
            sessions.disconnect(out, "banned", "You have been banned.")
        await self._end_older_epochs()

    async def _follow_guests(self, current: list[Sanction]) -> list[Sanction]:
        """Let a guest's mutes and bans hold for guests from their address too: another name costs nothing.

        Only connections from before the mute or ban count; whoever takes the name later has not done anything.
        """
        known = {(item.kind, item.subject) for item in current}
        added: list[Sanction] = []
        for item in current:
            key = item.subject.removeprefix("name:")
            for session in self._sessions.everywhere(key) if key != item.subject else ():
                subject = f"guest:{key}@{network_of(session.address)}"
                before = session.opened_at * 1000 <= item.since_ms
                guest = session.player is not None and session.player.guest
                if guest and session.address and before and (item.kind, subject) not in known:
                    known.add((item.kind, subject))
                    added.append(Sanction(item.kind, subject, item.reason, item.by, item.since_ms, item.until_ms))
        for item in added:
            await self._store.put(item)
        return added

    async def _end_older_epochs(self) -> None:
        """End the sessions of who has a new password, or whose login has been revoked, wherever that was done."""
        here = [session for session in self._sessions if session.player is not None and not session.player.guest]
        asked = {session.player.account for session in here if session.player is not None} - {None}
        epochs = await self._accounts.epochs([number for number in asked if number is not None])
        older = []
        for session in here:
            number = session.player.account if session.player is not None else None
            # Who has gone since, or logged in anew, is nobody's business here; an account that is gone ends.
            if number in asked and number is not None and epochs.get(number, session.epoch + 1) > session.epoch:
                older.append(session)
        self._sessions.disconnect(older, "revoked", REVOKED)

    def muted(self, player: Player) -> bool:
        """Say whether a player may not speak now."""
        if not self._mutes and not self._guest_mutes:
            return False
        if self._in_force(self._mutes.get(f"name:{player.key}", 0)):
            return True
        if not player.guest or not self._guest_mutes:
            return False
        return any(
            self._in_force(self._guest_mutes.get(network_of(session.address), 0))
            for session in self._sessions.everywhere(player.name)
        )

    def _in_force(self, until: int | None) -> bool:
        return until is None or until > self._now_ms

    async def kick(self, name: str, by: Actor, reason: str = "") -> int:
        """End every session of a player, at all protocols and processes; return how many.

        Raises ``GameError`` ``forbidden`` or ``not_online``.
        """
        check_person(by, "kick", name, _role(await self._accounts.by_name(name)))
        reason = _one_line(reason)
        key, peers = name_key(name), self._sessions.peers
        if not self._online(name):
            raise GameError(Code.NOT_ONLINE, f"{name} is not online.")
        await self._note(by.name, "kick", f"name:{key}", reason)
        text = reason or "You have been kicked."
        here = self._sessions.disconnect(self._sessions.everywhere(name), "kicked", text)
        return here + await peers.kick(key, text)

    async def mute(self, name: str, by: Actor, reason: str = "", minutes: int | None = None) -> bool:
        """Take a player's word, for some minutes or for good. Raises ``GameError`` ``forbidden``.

        A guest's mutes and bans hold for all guests from their address. Returns whether the name is an account's, or
        that of somebody who is here: one that is nobody's waits for a guest who comes by it, or was mistyped.
        """
        account = await self._accounts.by_name(name)
        check_person(by, "mute", name, _role(account))
        known = account is not None or self._online(name)
        await self._put("mute", f"name:{name_key(name)}", by, reason, minutes)
        await self._changed()
        return known

    def _online(self, name: str) -> bool:
        return bool(self._sessions.everywhere(name)) or self._sessions.peers.has(name_key(name))

    async def ban(self, name: str, by: Actor, reason: str = "", minutes: int | None = None) -> bool:
        """Keep a player out, for some minutes or for good; their sessions and tokens end.

        Returns what ``mute`` does. Raises ``GameError`` ``forbidden``.
        """
        account = await self._accounts.by_name(name)
        check_person(by, "ban", name, _role(account))
        known = account is not None or self._online(name)
        await self._put("ban", f"name:{name_key(name)}", by, reason, minutes)
        if account is not None:
            await self._accounts.revoke(account.id)
        await self._changed()
        return known

    async def ban_address(
        self, address: str, by: Actor, reason: str = "", minutes: int | None = None, *, force: bool = False
    ) -> str:
        """Keep an address out, for some minutes or for good, and end its sessions; return what is banned.

        In IPv6 that is its network.
        Raises ``GameError`` ``bad_address`` for what is none (a host's name is none), or ``forbidden``.
        """
        host = canonical(address)
        check_address(by, host, self._there(host), force=force)
        await self._put("ban", f"address:{host}", by, reason, minutes)
        await self._changed()
        return host

    def _there(self, host: str) -> Iterable[Player]:
        """Return who is at an address: by their sessions here, or, of operators, on the site."""
        found = [session.player for session in self._sessions if network_of(session.address) == host]
        return [player for player in found if player is not None] + [
            player for player, where in self._at_the_site.values() if where == host
        ]

    def note_operator(self, player: Player, address: str) -> None:
        """Note from where an operator uses the site, where they have no session."""
        self._at_the_site[player.key] = (player, network_of(address))

    async def revoke(self, name: str, by: Actor) -> int:
        """End all tokens of an account everywhere, and its sessions; return how many there were here.

        Raises ``GameError`` ``no_account`` or ``forbidden``.
        """
        account = await self._accounts.by_name(name)
        if account is None:
            raise GameError(Code.NO_ACCOUNT, f"There is no account {name}.")
        check_person(by, "revoke", name, account.role)
        epoch = await self._accounts.revoke(account.id)
        await self._note(by.name, "revoke", f"name:{account.player.key}", "")
        return self._sessions.end_older(account.id, epoch)

    async def delete(self, name: str, by: Actor) -> Account:
        """Remove an account for good and return it; its tokens and sessions end everywhere.

        What is kept under its name is forgotten by ``PersonalData.forget_former``. One's own account needs no role.
        Raises ``GameError`` ``no_account`` or ``forbidden``.
        """
        account = await self._accounts.by_name(name)
        if account is None:
            raise GameError(Code.NO_ACCOUNT, f"There is no account {name}.")
        if name_key(by.name) != account.player.key or by is COMMAND_LINE:
            check_person(by, "delete", name, account.role)
        await self._accounts.remove(account.id)
        await self._note(by.name, "delete", f"name:{account.player.key}", "")
        await self._changed()
        return account

    async def export(self, account: Account, by: Actor) -> None:
        """Note that all that is kept of somebody is handed to an operator. Raises ``GameError`` ``forbidden``."""
        check_person(by, "export", account.name, account.role)
        await self._note(by.name, "export", f"name:{account.player.key}", "")

    async def reset(self, name: str, by: Actor) -> str:
        """Return the token of a link by which somebody gets a new password (``accounts.reset_links``).

        Raises ``GameError`` ``no_account``, ``forbidden`` or ``banned``.
        """
        account = await self._accounts.by_name(name)
        if account is None:
            raise GameError(Code.NO_ACCOUNT, f"There is no account {name}.")
        check_person(by, "reset", name, account.role)
        token = await self._accounts.reset_links.make(account)
        await self._note(by.name, "reset", f"name:{account.player.key}", "")
        return token

    async def lift(self, kind: str, subject: str, by: Actor) -> None:
        """End a sanction before its time. Raises ``GameError`` ``no_sanction``, ``bad_address`` or ``forbidden``.

        ``subject`` is ``name:`` and a name, or ``address:`` and an address in any form. What has followed a guest to
        an address ends with either.
        """
        form, _, what = subject.partition(":")
        if form == "address":
            what = canonical(what)
        else:
            check_person(by, f"lift {kind}", what, _role(await self._accounts.by_name(what)))
            what = name_key(what)
        subject = f"{form}:{what}"
        kept = [item.subject for item in await self._store.all() if item.kind == kind]
        ended = [one for one in kept if _same(one, subject) or _followed(one, form, what)]
        if not ended:
            raise GameError(Code.NO_SANCTION, f"There is no {kind} of {what}.")
        for one in ended:
            await self._store.remove(kind, one)
        await self._note(by.name, f"lift {kind}", subject, "")
        await self._changed()

    async def sanctions(self) -> list[Sanction]:
        """Return every sanction that is kept."""
        return await self._store.all()

    async def log(self, limit: int = 100) -> list[AuditEntry]:
        """Return the newest lines of the audit log, newest first."""
        return await self._store.log(limit)

    async def note(self, actor: str, action: str, subject: str, detail: str = "") -> None:
        """Add a line to the audit log: for what operators do elsewhere (a console command, a role)."""
        await self._note(actor, action, subject, detail)

    async def _changed(self) -> None:
        """Let what has been changed hold, here and at the other processes."""
        self._sessions.peers.publish(RIGHTS, b"")
        await self.refresh()

    async def _put(self, kind: str, subject: str, by: Actor, reason: str, minutes: int | None) -> None:
        reason = _one_line(reason)
        until = None if minutes is None else self._now_ms + minutes * 60_000
        await self._store.put(Sanction(kind, subject, reason, by.name, self._now_ms, until))
        await self._note(by.name, kind, subject, reason if minutes is None else f"{minutes} minutes: {reason}")

    async def _note(self, actor: str, action: str, subject: str, detail: str) -> None:
        await self._store.note(AuditEntry(self._now_ms, actor, action, subject, detail))


def _subjects(bans: set[str], kind: str) -> set[str]:
    return {subject.removeprefix(kind) for subject in bans if subject.startswith(kind)}


def _of_guests(kind: str, current: Iterable[Sanction]) -> dict[str, int | None]:
    """Return until when guests from an address are muted or banned: while the sanction they follow is in force."""
    current = [item for item in current if item.kind == kind]
    names = {item.subject.removeprefix("name:"): item.until_ms for item in current}
    found: dict[str, int | None] = {}
    for item in current:
        key, _, host = item.subject.removeprefix("guest:").rpartition("@")
        if item.subject.startswith("guest:") and key in names:
            until, place = names[key], network_of(host)
            older = found.get(place, 0)
            found[place] = None if until is None or older is None else max(until, older)
    return found


def _followed(subject: str, form: str, what: str) -> bool:
    """Say whether a sanction has followed the guest of that name, or any to that address."""
    key, _, host = subject.removeprefix("guest:").rpartition("@")
    return subject.startswith("guest:") and what == (network_of(host) if form == "address" else key)


def _same(kept: str, subject: str) -> bool:
    form, _, what = kept.partition(":")
    return kept == subject or (form == "address" and f"address:{network_of(what)}" == subject)


def _concerns(session: Session, hosts: set[str], names: set[str], guests: set[str]) -> bool:
    player, place = session.player, network_of(session.address)
    if place in hosts:
        return True
    return player is not None and (player.key in names or (player.guest and place in guests))


def _role(account: Account | None) -> str | None:
    return account.role if account is not None else None


def _one_line(reason: str) -> str:
    """Return a reason as all protocols can say it, also those that speak in lines."""
    return " ".join("".join(character if character.isprintable() else " " for character in reason).split())[:500]
