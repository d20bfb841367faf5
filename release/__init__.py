"""What script/release runs."""
