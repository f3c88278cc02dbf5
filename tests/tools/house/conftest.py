"""Small houses for the rules to look at."""

from collections.abc import Callable
from textwrap import dedent
from typing import Any

import pytest

from tools.house.source import House, Source

Build = Callable[..., House]


@pytest.fixture
def house() -> Build:
    """Build a house from files: `house({"kontor/orders/models.py": "..."}, sizes={...})`."""

    def build(files: dict[str, str], **ratchets: Any) -> House:
        return House([Source(path, dedent(text)) for path, text in files.items()], ratchets)

    return build
