"""The section of the bridge to console game servers. An empty list of endpoints closes the protocol.

The first server of ``servers`` also answers on ``endpoints``, whatever the path; without servers the hub does.
"""

from __future__ import annotations

import attrs

from gameserver.config.endpoints import listeners, on_port, pages
from gameserver.config.option import option, section, tables
from gameserver.consoles import dialects
from gameserver.consoles.process import SIGNALS
from gameserver.protocols.kwo.hub import COMMANDS

#: The programs whose output is understood; ``own`` has no rules but those of the configuration.
DIALECTS = ("own", *dialects.DIALECTS)


@attrs.frozen
class KwoRule:
    """One own rule: a line that fits it is an event."""

    event: str = option(
        "noise",
        "what a fitting line is; ready: commands may be typed from here on; noise: no output of a command",
        choices=dialects.RULES,
    )
    pattern: str = option("", "an RE2 expression for the whole line, with groups named sender and text (or 1 and 2)")


@attrs.frozen
class KwoServer:
    """One supervised console program; times in seconds."""

    command: tuple[str, ...] = option((), "the program and its arguments")
    cwd: str = option("", "its working directory; empty: the gameserver's own")
    env: dict[str, str] = attrs.field(
        factory=dict, metadata={"about": "environment variables it gets besides ours", "secret": True}
    )
    encoding: str = option("utf-8", "the encoding of its console")
    dialect: str = option("own", "which family of programs it belongs to", choices=DIALECTS)
    rules: tuple[KwoRule, ...] = option(
        (), "own rules for its lines, each with event and pattern, tried before the dialect's behind its prefix"
    )
    say: str = option("", "the command for sendtext with {text} in it; empty: the dialect's (own: say {text})")
    prefix: str = option(
        "", "an RE2 expression for what every line of the log begins with; empty: the dialect's (own: none)"
    )
    prompt: str = option("> ", "for the dialect own: a prompt that may stand in front of a line")
    stop_command: str = option("", "the command that ends it; empty: the dialect's (own: stop)")
    stop_signal: str = option(
        "",
        "the signal that ends a program without such a command; empty: the dialect's (own: none)",
        choices=("", *SIGNALS),
    )
    password: str = option("", "the password of its packs; empty: they are plain", secret=True)
    plain: bool | None = option(None, "whether this machine may send plain packs; unset: when there is no password")
    endpoints: tuple[str, ...] = listeners((), "where this server listens on any path, besides /kwo/<name>")
    autostart: bool = option(False, "whether it is started with the gameserver")
    restart: str = option("crash", "when it is started again after its end", choices=("never", "crash", "always"))
    restart_delay: float = option(1.0, "pause before the first restart; it doubles", minimum=0, maximum=3600)
    restart_delay_max: float = option(60.0, "the longest pause before a restart", minimum=0, maximum=86400)
    restart_limit: int = option(5, "restarts in a row before it is left alone", minimum=0)
    restart_settled: float = option(60.0, "a run of this length ends a row of restarts", minimum=0)
    stop_within: float = option(10.0, "from the stop command to SIGTERM", minimum=0.1, maximum=600)
    term_within: float = option(4.0, "from SIGTERM to SIGKILL", minimum=0.1, maximum=600)
    ready_within: float = option(
        120.0,
        "how long its word that it is ready is waited for, where a rule knows one; nothing is typed before",
        minimum=0.1,
        maximum=3600,
    )
    answer_first: float = option(2.0, "how long a command's output may begin late", minimum=0.01, maximum=60)
    answer_quiet: float = option(0.3, "silence that ends a command's output", minimum=0.01, maximum=60)
    answer_longest: float = option(10.0, "how long output is collected at most", minimum=0.1, maximum=600)
    answer_lines: int = option(200, "lines of output that are collected at most", minimum=1, maximum=10000)
    settle: float = option(
        1.0, "silence after the start, or after that word, that the first command waits for", minimum=0, maximum=60
    )
    line_bytes: int = option(8192, "longest line in bytes; the rest is dropped", minimum=80, maximum=65536)
    log_lines: int = option(200, "lines of its log that the site shows", minimum=0, maximum=10000)
    stderr: str = option(
        "",
        "standard error: only in the log, or read as output; empty: as the dialect needs it (own: log)",
        choices=("", "log", "output"),
    )


@attrs.frozen
class KwoHub:
    """The gameserver itself as a KWO server."""

    password: str = option("", "the password of its packs; empty: they are plain", secret=True)
    plain: bool | None = option(None, "whether this machine may send plain packs; unset: when there is no password")
    endpoints: tuple[str, ...] = listeners((), "where the hub listens on any path, besides /kwo/hub")
    commands: tuple[str, ...] | None = option(
        None,
        f"the commands of {', '.join(COMMANDS)} it takes by packs; unset: all, stop only with a password",
        choices=tuple(COMMANDS),
    )


@attrs.frozen
class Kwo:
    """The WebSocket bridge to console game servers."""

    endpoints: tuple[str, ...] = listeners(on_port(8123), "where the first server listens on any path")
    origins: tuple[str, ...] = pages("; plain packs only from pages of this machine and those named here")
    community: bool = option(True, "whether the hub shares players and public room with the other protocols")
    hub: KwoHub = section(KwoHub)
    servers: dict[str, KwoServer] = tables(KwoServer, "the supervised programs by name")
