"""The proof that reading changes nothing: a GET whose page writes to the database fails. The tests switch it on."""

from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def read_only_get(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware that answers safe methods inside a read-only transaction.

    It must be the innermost one, so that sessions and counters, which other middleware keeps, may still be written.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.method not in SAFE_METHODS:
            return get_response(request)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL transaction_read_only = on")
            return get_response(request)

    return answer
