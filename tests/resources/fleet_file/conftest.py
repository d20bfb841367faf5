"""What the tests of fleet files share."""

from tests.resources.fleet_file.file import write

__all__ = ["write"]
