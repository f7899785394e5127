"""Who a player is: registering, passwords, tokens, roles, guests and temporary players."""

from gameserver.accounts.account import Account
from gameserver.accounts.accounts import Accounts

__all__ = ["Account", "Accounts"]
