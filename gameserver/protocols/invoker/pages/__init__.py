"""What is asked for over HTTP beside the games' WebSocket."""
