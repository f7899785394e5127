# Every door on the default configuration: twistd -ny tac/gameserver.tac
from twisted.application.service import Application

from gameserver.tap import Options, makeService

application = Application("gameserver")
makeService(Options()).setServiceParent(application)
