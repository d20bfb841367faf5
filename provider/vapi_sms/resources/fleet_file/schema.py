"""The JSON Schema of a fleet file, made from the models that validate it, so that editors complete it."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from vapi_sms.resources.fleet_file.models import File


def json_schema() -> dict[str, Any]:
    """Give the schema as JSON: draft 2020-12, one definition for each thing in the file."""
    schema = _tidied(File.model_json_schema())
    return {"$schema": GenerateJsonSchema.schema_dialect, **schema, "title": "vapi-sms fleet file"}


def _tidied(schema: Any) -> Any:  # noqa: ANN401 JSON
    """Refuse whatever is no number where numbers are keys, and leave out titles and defaults that say nothing."""
    if isinstance(schema, list):
        return [_tidied(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    if "patternProperties" in schema:
        schema = {**schema, "additionalProperties": False}
    said = {key: value for key, value in schema.items() if not (key == "title" and isinstance(value, str))}
    if "default" in said and said["default"] is None:
        del said["default"]
    return {key: _tidied(value) for key, value in said.items()}
