"""What doctor finds."""
