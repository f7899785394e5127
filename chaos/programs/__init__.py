"""Servers with a fault built in: programs that end up in ``twistd``, run with ``python -m``."""
