"""Several processes as one server: a bus between them, and the community they share over it."""
