"""Commands that arrive with their room."""

import typer


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
