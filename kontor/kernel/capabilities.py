"""Names of what people may do, and which roles bring them.

Each app declares its own in `permissions.py`; companies give people roles; operations ask with `require`.
"""

from dataclasses import dataclass
from typing import NewType

from django.utils.functional import Promise

Capability = NewType("Capability", str)


@dataclass(frozen=True, slots=True)
class Declared:
    """A capability as the settings pages show it."""

    name: Capability
    label: str | Promise
    roles: frozenset[str]


_declared: dict[Capability, Declared] = {}


def declare(name: str, label: str | Promise, *, roles: tuple[str, ...]) -> Capability:
    """Register a capability (``orders.place``) with the roles that bring it."""
    capability = Capability(name)
    if capability in _declared:
        raise ValueError(f"capability {name} is declared twice")
    _declared[capability] = Declared(capability, label, frozenset(roles))
    return capability


def declared() -> tuple[Declared, ...]:
    """All capabilities, by name."""
    return tuple(sorted(_declared.values(), key=lambda one: one.name))


def capabilities_of(roles: tuple[str, ...] | list[str]) -> frozenset[Capability]:
    """What the union of these roles may do."""
    held = set(roles)
    return frozenset(name for name, one in _declared.items() if one.roles & held)
