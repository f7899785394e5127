"""What is promised from 1.0.0 on, and what holds it: see docs/compatibility.md."""
