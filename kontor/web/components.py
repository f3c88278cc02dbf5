"""`ui`: every component under one name in every template and every block, without an import line.

A fragment is one block of a page rendered alone, and names imported at the top of a template do not exist there;
globals do. Components made of markup are macros in `templates/web/components/`, single values are functions.
"""

from collections.abc import Callable
from typing import Any

from jinja2 import Environment

from kontor.web import values

TEMPLATES = tuple(f"web/components/{name}.html" for name in ("page", "action", "form", "table", "show"))
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "money": values.money,
    "unit_price": values.unit_price,
    "quantity": values.quantity,
    "status": values.status,
    "time": values.time,
    "day": values.day,
    "sku": values.sku,
}


class Components:
    """Macros by name. Looked up once, or each time while templates are being edited."""

    def __init__(self, env: Environment) -> None:
        self._env = env
        self._homes: dict[str, str] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        found = FUNCTIONS.get(name) or self._macro(name)
        if name in FUNCTIONS or not self._env.auto_reload:
            setattr(self, name, found)
        return found

    def names(self) -> list[str]:
        """All component names, for the living page and the tests."""
        return sorted({*FUNCTIONS, *self._places()})

    def _places(self) -> dict[str, str]:
        if not self._homes:
            homes: dict[str, str] = {}  # kept when complete: other threads ask at the same time
            for template in TEMPLATES:
                for name in vars(self._env.get_template(template).module):
                    if not name.startswith("_"):
                        if name in homes or name in FUNCTIONS:
                            raise ValueError(f"two components are called {name}")
                        homes[name] = template
            self._homes = homes
        return self._homes

    def _macro(self, name: str) -> Any:
        home = self._places().get(name)
        if home is None:
            raise AttributeError(f"there is no component {name!r}; there are {', '.join(self.names())}")
        return getattr(self._env.get_template(home).module, name)
