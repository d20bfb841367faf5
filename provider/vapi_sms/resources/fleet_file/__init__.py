"""The fleet file: text with marks, models, places, then each stack's numbers; all mistakes of a file at once.

Imports pydantic and YAML, so a program comes here only when it loads a file.
"""

from vapi_sms.resources.fleet_file.mistakes import FleetFileMistakes
from vapi_sms.resources.fleet_file.reading import EMPTY, FleetFile, read_fleet_file
from vapi_sms.resources.fleet_file.schema import json_schema

__all__ = ["EMPTY", "FleetFile", "FleetFileMistakes", "json_schema", "read_fleet_file"]
