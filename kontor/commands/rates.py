"""`kontor rates`: files of exchange rates."""

from pathlib import Path

from kontor.commands.start import fail
from kontor.commands.steps import console, errors
from kontor.kernel.actors import system_actor
from kontor.kernel.refusal import Refused
from kontor.pricing.operations import import_reference_rates


def import_rates(file: Path) -> int:
    """Take in a file of reference rates for everybody; the exit code."""
    try:
        document = file.read_bytes()
    except OSError as problem:
        fail(f"{file} cannot be read: {problem.strerror}.")
    try:
        found = import_reference_rates(actor=system_actor("kontor rates", door="command"), document=document)
    except Refused as refusal:
        errors.print(refusal.message, style="red", markup=False, soft_wrap=True)
        return 1
    days = str(found.first) if found.first == found.last else f"{found.first} to {found.last}"
    text = f"{found.currencies} currencies, {days}: {found.changed:,} rates are new or different."
    console.print(text, markup=False, soft_wrap=True)
    return 0
