import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from kontor.web.middleware.request_id import HEADER, request_id
from kontor.web.middleware.security import HEADERS, security_headers


def test_no_answer_allows_inline_script_style_or_other_origins(rf: RequestFactory) -> None:
    answer = security_headers(lambda request: HttpResponse())(rf.get("/"))

    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    for rule in (
        "default-src 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ):
        assert rule in policy.split("; ")
    assert set(HEADERS) <= set(answer.headers)


def test_a_view_may_set_its_own_policy(rf: RequestFactory) -> None:
    def view(request: object) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})

    assert security_headers(view)(rf.get("/")).headers["Content-Security-Policy"] == "default-src 'none'"


@pytest.mark.parametrize("given", ["short", "with space and more", "x" * 65, "line\nbreak00", ""])
def test_an_odd_request_id_is_replaced(rf: RequestFactory, given: str) -> None:
    answer = request_id(lambda request: HttpResponse())(rf.get("/", headers={HEADER: given}))

    assert answer.headers[HEADER] != given
    assert len(answer.headers[HEADER]) == 32


def test_a_good_request_id_is_kept_and_stands_in_the_request(rf: RequestFactory) -> None:
    seen: list[str] = []

    def view(request: object) -> HttpResponse:
        seen.append(request.__dict__["request_id"])
        return HttpResponse()

    answer = request_id(view)(rf.get("/", headers={HEADER: "abc-1234_xyz"}))

    assert answer.headers[HEADER] == "abc-1234_xyz"
    assert seen == ["abc-1234_xyz"]
