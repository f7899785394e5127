"""Clients who are served by another node: what they send goes there, and what its encoders make comes back.

The node a client came in by is its *front*, the one that has what they play is the *owner*. Whoever serves clients
there (``Guest``) does not know the difference: it is given what the client's protocol gives it here as well.
"""
