"""The running product for one package or module of journeys."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from pytest_django import DjangoDbBlocker

from kontor.companies.models import User
from kontor.search.operations import rebuild_all
from tests.assembly import PASSWORD, Cast, assemble
from tests.journeys.stage import Stage
from tests.proof.market import leave_in_stock
from tests.proof.product import (
    answers,
    database_of_its_own,
    environment,
    make_tables,
    using,
    web_process,
    worker_process,
)


@contextmanager
def installed(
    purpose: str,
    home: Path,
    port: int,
    blocker: DjangoDbBlocker,
    furnish: Callable[[Cast], Any] = lambda cast: None,
) -> Iterator[Stage]:
    """Web and worker with the cast, and what `furnish` adds to it. Nothing that they log is an error."""
    outside = {"NAME": connection.settings_dict["NAME"]}
    with blocker.unblock(), database_of_its_own(purpose) as address:
        inside = {"NAME": connection.settings_dict["NAME"]}
        variables = environment(
            home, port, KONTOR_DATABASE_URL=address, KONTOR_LIMIT_SIGN_INS="1000",
            KONTOR_LIMIT_SIGN_INS_BY_ADDRESS="1000",
        )  # fmt: skip
        make_tables(variables)
        (home / "static").mkdir()
        cast = assemble()
        User.objects.update(password=Argon2PasswordHasher().encode(PASSWORD, "saltsaltsaltsalt"))
        leave_in_stock(cast.products["drill"], 500)
        furnish(cast)
        rebuild_all()
        processes = [make(variables, home / "product.log") for make in (web_process, worker_process)]
        with using(outside):
            try:
                for one in processes:
                    one.start()
                answers(port)
                yield Stage(f"http://127.0.0.1:{port}", cast, inside)
                log = (home / "product.log").read_text()
            finally:
                for one in processes:
                    one.stop()
    assert log == "", log
