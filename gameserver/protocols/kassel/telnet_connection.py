"""A season over telnet."""

from __future__ import annotations

from gameserver.edge.stream import StreamConnection
from gameserver.protocols.kassel.connection import LONGEST_LINE, KasselConnection
from gameserver.protocols.kassel.encoders import TELNET, Frame, Languages, crlf
from gameserver.protocols.kassel.shared import SeasonShared
from gameserver.protocols.kassel.telnet import Input, TelnetLines


class TelnetConnection(StreamConnection[Input, SeasonShared], KasselConnection):
    """One connection."""

    NOT_HTTP = "This port speaks telnet: try telnet with this host and port, then HELP. It is not HTTP."

    #: Bytes that may wait behind a command that is being handled before reading stops.
    WAITING = 16384

    frame: Frame = staticmethod(crlf)
    frame_name = TELNET
    languages = Languages(crlf)
    source: TelnetLines

    def __init__(self, shared: SeasonShared) -> None:
        # What telnet negotiates is answered at once, whatever the client is told meanwhile.
        self.source = TelnetLines(LONGEST_LINE, lambda data: self.write(data))
        super().__init__(shared, self.source)

    def received(self, data: bytes) -> None:
        """Cut bytes into lines and handle them in order."""
        self.something_came()
        self.source.more_follows = self.more_follows
        super().received(data)
        if self.source.upload_may_be_over:
            self.shared.rests.start(self)

    def rest_is_late(self) -> None:
        """Take an upload for complete that nothing has followed."""
        if not self.source.upload_may_be_over:
            super().rest_is_late()
        elif not self.leaving:
            self.source.end_upload()
            self.hear()

    def send_file(self, data: bytes) -> None:
        """See ``KasselConnection``."""
        self.write(data)
