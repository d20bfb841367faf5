"""`pulumi up` in the root: the quickstart."""

__import__("runpy").run_path("examples/quickstart/__main__.py")
