"""One Twisted process that speaks five public game protocols to one community of players."""
