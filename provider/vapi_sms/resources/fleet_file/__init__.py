"""The fleet file: text with marks, models, places, then each stack's numbers; all mistakes of a file at once."""
