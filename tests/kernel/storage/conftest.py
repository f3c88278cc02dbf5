from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.s3_server import s3_server


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with s3_server(tmp_path_factory.mktemp("s3")) as address:
        yield address


@pytest.fixture
def place(s3: str) -> str:
    """The address of a folder of its own in the bucket."""
    return f"{s3}/{uuid4().hex}"
