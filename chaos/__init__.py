"""Faults made on purpose, and what of everything confirmed is there afterwards: ``make chaos``.

docs/development/testing.md says how.
"""
