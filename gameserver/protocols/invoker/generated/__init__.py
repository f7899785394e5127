"""Made from ``api.proto`` by ``python -m gameserver.protocols.invoker.generate``; not written by hand."""
