"""Rooms of other nodes: where they are, how a client here plays in one, and how one of theirs plays here."""
