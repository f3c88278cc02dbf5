"""Reading changes nothing, and the middleware that proves it can tell."""

import pytest
from django.db import InternalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from kontor.web.middleware.read_only import read_only_get


def write(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE written_by_a_page (id integer)")
    return HttpResponse("done")


def tables() -> list[str]:
    return [name for name in connection.introspection.table_names() if name == "written_by_a_page"]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_page_that_writes_while_reading_fails(method):
    with pytest.raises(InternalError, match="read-only"), transaction.atomic():
        read_only_get(write)(getattr(RequestFactory(), method)("/"))
    assert tables() == []


@pytest.mark.django_db
def test_a_form_that_is_sent_may_write():
    assert read_only_get(write)(RequestFactory().post("/")).status_code == 200
    assert tables() == ["written_by_a_page"]


@pytest.mark.django_db
def test_writing_is_possible_again_after_a_page_was_read():
    read_only_get(lambda request: HttpResponse("read"))(RequestFactory().get("/"))

    write(RequestFactory().get("/"))

    assert tables() == ["written_by_a_page"]
