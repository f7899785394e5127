"""Maps: zip files that are made to hurt, uploads without number, and downloads that nobody reads."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from collections.abc import Iterator

from chaos.attacks.arena import Attack
from chaos.attacks.attacker import Report, Target
from chaos.attacks.people import lobby, said
from chaos.attacks.sockets import Flood, until
from gameserver.matches.map_files import packed

#: What the server keeps of the zip files it was asked for last.
KEPT_ARCHIVES = 16 << 20

_DOORS = ("kassel.ss12", "kassel.ss13", "web.endpoints")
_MAP = "VERSION: 1\n0,0\n0,15\n"


def bombs() -> Iterator[tuple[str, bytes]]:
    """Return zip files by what is wrong with them: small ones that become large, and such that never end."""
    for method, name in ((zipfile.ZIP_BZIP2, "bzip2"), (zipfile.ZIP_LZMA, "lzma"), (zipfile.ZIP_DEFLATED, "deflate")):
        yield name, zipped({"map_x.map": bytes(16 << 20)}, method)
    inner = zipped({"map_x.map": bytes(32 << 20)}, zipfile.ZIP_DEFLATED)
    for _ in range(5):
        inner = zipped({f"map_x{number}.zip": inner for number in range(8)}, zipfile.ZIP_DEFLATED)
    yield "nested", inner
    yield "9,000 members", zipped({f"m{number}": b"" for number in range(9000)}, zipfile.ZIP_STORED)
    yield "long names", zipped({f"{'x' * 60000}{number}": b"" for number in range(15)}, zipfile.ZIP_STORED)
    yield "one name often", _same_name(300)
    # What is announced is a lie: the sizes in the directory say one byte.
    honest = zipped({"map_x.map": bytes(1 << 20)}, zipfile.ZIP_DEFLATED)
    yield "a lie about its size", honest.replace((1 << 20).to_bytes(4, "little"), (1).to_bytes(4, "little"))
    yield "only an end", b"PK\x05\x06" + bytes(8) + b"\xff" * 8 + bytes(2)
    yield "many ends", b"PK\x05\x06" * 100_000
    yield "noise", os.urandom(900_000)
    yield "bare deflate", zlib.compress(bytes(16 << 20))


def zipped(members: dict[str, bytes], method: int) -> bytes:
    """Return a zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _same_name(times: int) -> bytes:
    """Return a zip file whose directory names one member again and again: it is stored once and expanded often."""
    single = zipped({"map_x.map": bytes(1 << 20)}, zipfile.ZIP_DEFLATED)
    start = single.index(b"PK\x01\x02")
    end = single.index(b"PK\x05\x06")
    entry = single[start:end]
    counts = times.to_bytes(2, "little") * 2
    size = (len(entry) * times).to_bytes(4, "little")
    return single[:start] + entry * times + single[end : end + 8] + counts + size + single[end + 16 :]


def uploads(target: Target) -> Report:
    """Upload every kind of bomb again and again, each refused with one line."""
    report = Report()
    client = lobby(target, "ss12")
    made = list(bombs())
    target.begin()
    while target.left > 0:
        for name, data in made:
            client.sendall(b"UPLOAD MAP map_x\r\n")
            answer = until(client, b"\r\n")
            if not answer.startswith(b"READY"):
                # The day's uploads are used up: whatever comes now is thrown away.
                report.expect(answer.startswith(b"ERROR"), f"{name}: {answer[:200]!r}")
                report.counts["uploads of the day used up"] += 1
                return report
            client.sendall(data + b"EOT\r\n")
            answer = until(client, b"\r\n")
            report.expect(answer.startswith(b"ERROR"), f"{name}: {answer[:200]!r}")
            report.counts["refused"] += 1
    return report


def maps(target: Target) -> Report:
    """Fill what the team may have with maps that are large and right."""
    report = Report()
    client = lobby(target, "ss12")
    number = 0
    picture = b"\xff\xd8\xff" + os.urandom(900_000)
    target.begin()
    while target.left > 0:
        number += 1
        name = f"map_{target.seed}_{number}"
        client.sendall(f"UPLOAD MAP {name}\r\n".encode())
        answer = until(client, b"\r\n")
        if answer.startswith(b"READY"):
            client.sendall(packed(name, _MAP, picture) + b"EOT\r\n")
            answer = until(client, b"\r\n")
        if answer.startswith(b"ERROR"):
            report.counts["refused"] += 1
            continue
        report.expect(answer.startswith(b"OK"), answer[:200].decode("latin-1"))
        report.counts["kept"] += 1
    report.expect(report.counts["kept"] <= 100, "more maps than a team may have")
    return report


def _with_map(target: Target) -> None:
    client = lobby(target, "ss12")
    client.sendall(b"UPLOAD MAP map_big\r\n")
    if until(client, b"\r\n").startswith(b"READY"):
        client.sendall(packed("map_big", _MAP, b"\xff\xd8\xff" + os.urandom(1_000_000)) + b"EOT\r\n")
        until(client, b"\r\n")
    client.close()


def downloads(target: Target) -> Report:
    """Ask for a map of a megabyte hundreds of times in a write, on many connections, and read it."""
    _with_map(target)
    return Flood(target, lambda: lobby(target, "ss12"), b"DOWNLOAD MAP map_big\r\n" * 200, 10).run()


def downloads_unread(target: Target) -> Report:
    """The same, and never read it."""
    _with_map(target)
    return Flood(target, lambda: lobby(target, "ss12"), b"DOWNLOAD MAP map_big\r\n" * 200, 30, reads=False).run()


def listed(target: Target) -> Report:
    """Ask for everything a lobby can list, in one write, on many connections."""
    lines = b"LIST MAPS\r\nLIST GAMES\r\nLIST USERS\r\nLIST TEAMS\r\nHELP\r\nCHANGELOG\r\nDOWNLOAD MAP x\r\n" * 100
    return Flood(target, lambda: lobby(target, "ss13"), lines, 40).run()


def refused(target: Target) -> Report:
    """Send maps that nobody has asked for, to a lobby without a login: megabytes that are thrown away."""
    client = lobby(target, "ss13")
    report = Report()
    report.expect(said(client, "NOOP").endswith(b"OK\r\n"), "no answer")
    payload = b"UPLOAD MAP map_x\r\n" + b"MSG ALL this is no command\r\n" * 2000 + b"EOT\r\n"
    flood = Flood(target, lambda: lobby(target, "ss13"), payload, 10, marks={"heard by others": b"no command"})
    report.add(flood.run())
    report.expect(not report.counts["heard by others"], "lines of an upload were commands")
    return report


ATTACKS = (
    Attack("map-bombs", "zip files that expand, nest, lie or never end, as maps", uploads, _DOORS),
    Attack("map-uploads", "maps until a team may have no more", maps, _DOORS),
    Attack("map-downloads", "a map of a megabyte, 200 times in a write", downloads, _DOORS, kept=KEPT_ARCHIVES),
    Attack(
        "map-downloads-unread", "the same by 30 clients that never read", downloads_unread, _DOORS, kept=KEPT_ARCHIVES
    ),
    Attack("lobby-lists", "everything a lobby can list, 700 commands in a write", listed, _DOORS),
    Attack("map-refused", "maps that are refused, with commands in them", refused, _DOORS),
)
