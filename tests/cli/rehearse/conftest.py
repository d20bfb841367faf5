"""The company that has a number to spare."""

from tests.cli.restore.conftest import company

__all__ = ["company"]
