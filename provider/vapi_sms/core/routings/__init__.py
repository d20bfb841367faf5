"""Routings and who answers by them: compared, classified, described."""
