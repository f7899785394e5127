"""What every connection owes, once for all protocols, and what a protocol is to the rest of the server.

``context`` is what a protocol may be given, ``part`` what it brings. ``connection`` is the life of a connection
whatever carries it, ``stream`` and ``channel`` carry one over TCP and over a WebSocket, ``shared`` is what all
connections of a protocol have in common, ``http`` what every HTTP connection owes.
"""
