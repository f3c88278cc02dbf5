"""The floors of `.importlinter`, for rules that need to know which app is which."""

import configparser
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EDGES = ("storefront", "backoffice", "api")
ABOVE_DOMAIN = ("urls", "demo", "replay", "storefront", "backoffice", "api", "web")
COMPOSITION_ROOT = ("cli.py", "commands", "settings.py", "urls.py", "worker.py", "wsgi.py")


@cache
def floors() -> list[frozenset[str]]:
    """From the top down; neighbours on one floor together."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    lines = config["importlinter:contract:floors"]["layers"].split("\n")
    return [frozenset(name.strip(" ()") for name in line.split("|")) for line in lines if line.strip()]


def level(app: str) -> int:
    """Height above the ground: 0 is the kernel. Raises LookupError for an app without a floor."""
    for height, names in enumerate(reversed(floors())):
        if app in names:
            return height
    raise LookupError(f"{app} has no floor in .importlinter")


def domain_apps() -> frozenset[str]:
    """The apps that hold the business: everything below the pages."""
    return frozenset(name for names in floors() for name in names if name not in ABOVE_DOMAIN)
