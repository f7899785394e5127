"""Those who act under a fault: each module a kind of act, with its account and its recount."""
