"""Measures the real server beside what its users would take instead: ``python -m bench --help``."""
