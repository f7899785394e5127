"""The site: pages, health, metrics, and every WebSocket path on one port."""
