"""The soak, its figures and a short run."""
