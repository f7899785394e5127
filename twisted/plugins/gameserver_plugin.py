"""Makes ``twistd gameserver`` known to Twisted."""

from twisted.application.service import ServiceMaker

serviceMaker = ServiceMaker(
    "gameserver",
    "gameserver.tap",
    "One server for five public game protocols: chat, Kassel, Techmino, Invoker, KWO.",
    "gameserver",
)
