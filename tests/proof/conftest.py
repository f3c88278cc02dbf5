"""The two trades with everybody at the door."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.proof.doorway import Door, open_door


@pytest.fixture(scope="module")
def door(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Door]:
    """In one transaction that is rolled back at the end."""
    with django_db_blocker.unblock(), open_door() as opened:
        yield opened
