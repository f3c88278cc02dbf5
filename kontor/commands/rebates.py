"""`kontor rebates`: bonus agreements. What it does is loaded when it is asked for."""

from importlib import import_module
from typing import Annotated

import typer

app = typer.Typer(help="Bonus agreements in force: count them anew.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Bonus agreements in force."""


@app.command()
def recount(
    name: Annotated[str, typer.Option(help="Only the agreement of this name.")] = "",
    seller: Annotated[
        str, typer.Option(help="Which seller, by name or number; needed when there are several.")
    ] = "",
) -> None:
    """Judge all invoiced lines by the goods of today; where something is settled already nothing changes."""
    import_module("kontor.commands.start").ready()
    raise typer.Exit(import_module("kontor.commands.recounting").recount(seller=seller, name=name))
