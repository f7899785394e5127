"""What outlives a restart. Nothing but the composition root and the command line imports this package."""
