"""What happens to a real server when everything goes wrong around it."""
