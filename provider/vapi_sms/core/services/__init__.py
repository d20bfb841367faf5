"""Messaging Services: who decides for the numbers that rely on one, and plans to change that."""
