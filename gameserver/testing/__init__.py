"""Fakes and drivers for tests, ours and those of people who build on this server.

The tests that hold the real things to their behaviour run over these too.
"""
