"""The Pulumi edge: resource classes for programs, life cycles for the provider process, and what state holds."""
