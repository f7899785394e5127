"""What each progress card does, one module a deck."""
