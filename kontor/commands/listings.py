"""Tables for people who want to know what there is: settings, events and reactions, routes."""

import inspect
import os
from collections.abc import Iterator
from importlib import import_module

from django.urls import URLPattern, URLResolver, get_resolver
from rich.table import Table

from kontor.commands.start import configuration
from kontor.commands.steps import console
from kontor.kernel.configuration import describe, unknown_names


def settings() -> None:
    """Print every setting with its value; secrets stay hidden."""
    config = configuration()
    table = Table(title="Settings", title_justify="left")
    for title in ("Variable", "Value", "What for"):
        table.add_column(title, overflow="fold")
    for row in describe(config):
        value = row.value or "(empty)"
        table.add_row(row.variable, f"[bold]{value}[/bold]" if row.is_set else value, row.description)
    console.print(table)
    console.print("Bold values come from the environment, the others are defaults.")
    for name in unknown_names(os.environ):
        console.print(f"[yellow]{name} is set, but there is no such setting.[/yellow]")


def events() -> None:
    """Print which reactions follow which event."""
    kernel = import_module("kontor.kernel.events")
    table = Table(
        "Event", "Reaction", "What it does", title="Events and their reactions", title_justify="left"
    )
    last = ""
    for one in kernel.subscriptions():
        name = kernel.event_name(one.event)
        table.add_row(name if name != last else "", one.name, first_sentence(one.react))
        last = name
    console.print(table)


def dead_events() -> int:
    """Print the deliveries that were given up; return how many."""
    dead = import_module("kontor.kernel.delivery").dead_deliveries()
    if not dead:
        console.print("No delivery was given up.")
        return 0
    table = Table("ID", "Event", "Object", "Reaction", "Tries", "Last error", title="Deliveries given up")
    for one in dead:
        table.add_row(
            str(one.pk), one.event.name, one.key, one.reaction, str(one.attempts), one.last_error[:200]
        )
    console.print(table)
    console.print("`kontor events replay ID` delivers one again, `kontor events replay all` all of them.")
    return len(dead)


def routes() -> None:
    """Print every address that the web server answers."""
    table = Table("Address", "Name", "Answered by", title="Routes", title_justify="left")
    count = 0
    for path, name, view in walk(get_resolver()):
        table.add_row(f"/{path}", name, view)
        count += 1
    console.print(table)
    console.print(f"{count} routes.")


def walk(resolver: URLResolver, prefix: str = "", space: str = "") -> Iterator[tuple[str, str, str]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from walk(entry, path, inner)
        elif isinstance(entry, URLPattern):
            view = inspect.unwrap(entry.callback)
            name = f"{space}{entry.name}" if entry.name else ""
            yield path, name, f"{view.__module__}.{getattr(view, '__qualname__', type(view).__name__)}"


def first_sentence(thing: object) -> str:
    text = (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ")
    return text.split(". ")[0].rstrip(".")
