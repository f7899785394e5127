"""The doors: one package a protocol. No door knows another."""
