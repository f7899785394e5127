"""What every HTTP connection owes, and resources of every kind."""
