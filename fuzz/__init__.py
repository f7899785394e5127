"""Decoders against bytes that nobody meant: ``make fuzz``. docs/development/testing.md says how."""
