"""Console programs under supervision: started, fed with commands, listened to, stopped, never left behind."""
