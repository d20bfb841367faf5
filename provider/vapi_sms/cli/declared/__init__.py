"""`vapi-sms declared`: what a fleet file declares, and what a pull request changes of it, without asking anybody.

Data goes one way: reading (one file, or two) -> comparison (per stack, per number) -> text or Markdown.
"""

from vapi_sms.cli.declared.command import declared

__all__ = ["declared"]
