# The chat door alone: twistd -ny tac/chat.tac
from twisted.application.service import Application

from gameserver.tap import Options, makeService

options = Options()
options.parseOptions([f"--set={door}=[]" for door in (
    "kassel.ss14", "kassel.ss13", "kassel.ss12", "techmino.endpoints", "invoker.endpoints", "kwo.endpoints", "web.endpoints",
)])
application = Application("chat")
makeService(options).setServiceParent(application)
