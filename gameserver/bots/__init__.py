"""Computer players that come in by the public protocols like anyone else."""
