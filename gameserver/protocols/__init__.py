"""The protocols: one package a protocol. No protocol knows another."""
