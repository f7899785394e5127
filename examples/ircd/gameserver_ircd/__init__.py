"""As much of RFC 1459 as people need to talk: the public room is #public, direct messages go to any protocol."""
