"""What no honest person types: a clear error at the field, never a fault of ours, nothing half done."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from kontor.carts.models import Cart, CartLine
from kontor.companies.models import Membership
from kontor.discovery.models import SavedSearch
from kontor.orders.models import Order
from tests.cast import Cast
from tests.orders.trade import cart_of, placed
from tests.proof.market import api_key
from tests.shared_files import shared
from tests.traces import snapshot

QUANTITIES = (
    "-1", "0", "-0", "0.0001", "1e9999", "1e400", "NaN", "sNaN", "Infinity", "-Infinity", "1e3", "9223372036854775808",
    "99999999999", "0x10", "1_000", "１", "١", "½", "1;2", "", " ", "one", "\x00", "1\x00", "9" * 5000, "--1", "1,2,3",
)  # fmt: skip
PAYLOADS = (
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{7*7}}${7*7}{% raw %}",
    "'; DROP TABLE orders_order; --",
    "javascript:alert(1)", "</textarea><script>alert(2)</script>", "<svg/onload=alert(3)>",
)  # fmt: skip


@pytest.fixture
def as_ana(ana: Membership) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(ana.user)
    return client


@pytest.fixture
def as_gil(gil: Membership) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(gil.user)
    return client


@pytest.fixture
def cart(ana: Membership, bolt: Any) -> Cart:
    return cart_of(ana.company, (bolt, 7))


def quantity_is_sound(line: CartLine) -> bool:
    return line.quantity == line.quantity.to_integral_value() and 0 < line.quantity <= 999_999_999


def api(client: Client, secret: str, method: str, path: str, body: Any) -> Any:
    headers = {
        "Authorization": f"Bearer {secret}",
        "Idempotency-Key": f"k{abs(hash(repr((path, repr(body)))))}",
        "If-Match": "*",
    }
    data = body if isinstance(body, bytes) else json.dumps(body)
    return client.generic(method, f"/api/v1/{path}", data, "application/json", headers=headers)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_an_absurd_quantity_in_a_form_is_refused_at_its_field(
    as_ana: Client, cart: Cart, quantity: str
) -> None:
    line, before = cart.lines.get(), snapshot()
    form = {"line": line.pk, f"lines/{line.pk}/revision": "1", f"lines/{line.pk}/quantity": quantity}

    answer = as_ana.post(f"/carts/{cart.pk}/", form)

    assert answer.status_code in (303, 422), answer.status_code
    if answer.status_code == 422:
        assert snapshot() == before
        assert b'aria-invalid="true"' in answer.content
    assert quantity_is_sound(cart.lines.get())


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_an_absurd_quantity_in_the_api_is_refused_at_its_pointer(
    ana: Membership, cart: Cart, bolt: Any, quantity: str
) -> None:
    secret = api_key(ana)
    body = {"product_id": bolt.pk, "quantity": quantity, "unit": "C62"}

    answer = api(Client(raise_request_exception=False), secret, "POST", f"carts/{cart.pk}/lines", body)

    assert answer.status_code in (201, 422), answer.content
    if answer.status_code == 422:
        assert cart.lines.get().quantity == 7
        assert any("quantity" in one.get("pointer", "") for one in answer.json()["errors"]), answer.content
    assert quantity_is_sound(cart.lines.get())


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e400", "1" * 400, "1.5", "true", "null", "[]", "{}"]
)
def test_a_bare_number_in_json_is_decided_too(ana: Membership, cart: Cart, bolt: Any, number: str) -> None:
    body = b'{"product_id": %d, "unit": "C62", "quantity": %s}' % (bolt.pk, number.encode())

    answer = api(Client(raise_request_exception=False), api_key(ana), "POST", f"carts/{cart.pk}/lines", body)

    assert answer.status_code in (400, 422), answer.content
    assert cart.lines.get().quantity == 7


def test_pasted_rubbish_is_listed_line_by_line_and_the_good_lines_are_taken(
    as_ana: Client, cart: Cart
) -> None:
    text = 'BOLT-M8 5\nNOTHING-1 3\nBOLT-M8 -4\n"unclosed;7\nDRILL-18V\tNaN\n;;;\n\x00\n' + "x" * 3000

    answer = as_ana.post(f"/carts/{cart.pk}/paste/", {"lines": text})

    assert answer.status_code in (200, 422)
    assert b"NOTHING-1" in answer.content
    assert all(quantity_is_sound(line) for line in cart.lines.all())


@pytest.mark.parametrize(
    "path", ["cart/add/", "carts/{cart}/paste/", "carts/{cart}/checkout/", "carts/{cart}/rename/"]
)
def test_ten_megabytes_in_a_field_are_refused(as_ana: Client, cart: Cart, path: str) -> None:
    before = snapshot()
    form = dict.fromkeys(("note", "lines", "name", "po_number", "quantity", "product"), "x" * 10_000_000)
    form = {"name" if "rename" in path else "lines" if "paste" in path else "note": form["note"]}

    answer = as_ana.post("/" + path.format(cart=cart.pk), form)

    assert answer.status_code in (404, 413, 422), answer.status_code
    assert snapshot() == before


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe\x00n\x00o", b"note=%ff%fe&pay_by=terms", b"note=%00",
     b"%", b"=&=&=", b"\xef\xbb\xbfnote=x", b"note=%ED%A0%80"]
)  # fmt: skip
def test_a_body_in_the_wrong_encoding_is_no_fault(as_ana: Client, cart: Cart, body: bytes) -> None:
    for path in (f"/carts/{cart.pk}/checkout/", f"/carts/{cart.pk}/rename/", f"/carts/{cart.pk}/paste/"):
        answer = as_ana.generic("POST", path, body, "application/x-www-form-urlencoded")
        assert answer.status_code < 500, (path, body)
        answer = as_ana.generic("POST", path, body, "multipart/form-data; boundary=x")
        assert answer.status_code < 500, (path, body)
    assert "\x00" not in Cart.objects.get(pk=cart.pk).name


@pytest.mark.parametrize("field", ["product_id", "cart_id", "delivery_address_id"])
def test_another_companys_ids_in_a_body_are_refused(
    cast: Cast, gil: Membership, cart: Cart, field: str
) -> None:
    own = cart_of(gil.company, (cast.products["bolt"], 1))
    secret, client = api_key(gil), Client(raise_request_exception=False)
    foreign = {"product_id": 10**9, "cart_id": cart.pk, "delivery_address_id": cast.addresses["acme"].pk}
    before = snapshot()

    if field == "product_id":
        answer = api(
            client, secret, "POST", f"carts/{own.pk}/lines", {"product_id": foreign[field], "quantity": "1"}
        )
    else:
        answer = api(client, secret, "POST", "orders", {"cart_id": own.pk} | {field: foreign[field]})

    assert answer.status_code in (404, 422), answer.content
    after = snapshot()
    assert {one for one in after if after[one] != before[one]} <= {"companies_api_key"}


def test_fields_that_only_we_may_write_are_refused_by_the_api(gil: Membership, bolt: Any) -> None:
    own = cart_of(gil.company, (bolt, 1))
    more = {
        "status": "delivered",
        "net_total": "0.01",
        "unit_price": "0.01",
        "is_staff": True,
        "company_id": 1,
        "id": 1,
        "roles": ["admin"],
    }
    for name, value in more.items():
        answer = api(Client(), api_key(gil), "POST", "orders", {"cart_id": own.pk, name: value})
        assert answer.status_code == 422, name
    assert not Order.objects.exists()


def test_fields_that_only_we_may_write_do_nothing_in_a_form(
    as_gil: Client, gil: Membership, bolt: Any
) -> None:
    own = cart_of(gil.company, (bolt, 100))
    more = {
        "status": "delivered",
        "net_total": "0.01",
        "unit_price": "0.01",
        "currency": "USD",
        "buyer": "1",
        "id": "7",
    }

    answer = as_gil.post(f"/carts/{own.pk}/checkout/", {"pay_by": "terms", **more})

    order = Order.objects.get()
    assert answer.status_code == 303
    assert (order.status, order.buyer_id, order.net_total, order.currency) == (
        "placed",
        gil.company_id,
        Decimal("12.50"),
        "EUR",
    )


@pytest.mark.shared
def test_naughty_strings_are_kept_or_refused_and_break_no_page(
    as_gil: Client, gil: Membership, bolt: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    own = cart_of(gil.company, (bolt, 100))
    strings = json.loads(shared("security/naughty-strings/blns.json").read_text())
    told: dict[int, int] = {}
    for number, text in enumerate(strings):
        answers = [
            as_gil.post(f"/carts/{own.pk}/rename/", {"name": text[:80]}),
            as_gil.get("/search/", {"q": text}),
        ]
        if number % 5 == 0:
            answers += [
                as_gil.get("/orders/", {"q": text}),
                as_gil.post(f"/carts/{own.pk}/paste/", {"lines": f"{text} 1"}),
            ]
        for one in answers:
            told[one.status_code] = told.get(one.status_code, 0) + 1
            assert one.status_code < 500, (number, text)
    with capsys.disabled():
        print(f"\nnaughty strings: {len(strings)} strings, {sum(told.values())} requests, answers {told}")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_in_texts_is_shown_as_text_on_every_page_that_shows_it(
    client: Client, gil: Membership, sal: Membership, bolt: Any, payload: str
) -> None:
    client.force_login(gil.user)
    own = cart_of(gil.company, (bolt, 100))
    Cart.objects.filter(pk=own.pk).update(name=payload[:80])
    CartLine.objects.filter(cart=own).update(note=payload)
    order = placed(gil, (bolt, 100), note=payload)
    client.post(f"/orders/{order.pk}/messages/", {"body": payload})
    seller = Client()
    seller.force_login(sal.user)

    shown = [
        client.get(one)
        for one in ("/carts/", f"/carts/{own.pk}/", f"/orders/{order.pk}/", f"/search/?q={payload}")
    ]
    shown.append(seller.get(f"/office/orders/{order.pk}/"))

    seen = 0
    for page in shown:
        text = page.content.decode()
        assert page.status_code == 200
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
        for raw in ("<script>alert", "<img src=x", "<svg/onload", 'href="javascript:'):
            assert raw not in text
        assert "49$" not in text
        seen += "alert(" in text or "7*7" in text or "DROP TABLE" in text
    assert seen >= 3


@pytest.mark.parametrize("address", ["/products/{}/", "/products/{}/bolt/", "/configure/{}/"])
def test_a_number_longer_than_any_id_is_of_no_product(as_ana: Client, address: str) -> None:
    assert as_ana.get(address.format("9" * 30)).status_code == 404


@pytest.mark.parametrize("odd", ["/a\r\nSet-Cookie: x=1", "/a\x00", "/ä\n"])
def test_no_address_to_go_on_to_breaks_a_header(as_ana: Client, odd: str) -> None:
    answer = as_ana.post("/language/", {"language": "de", "next": odd})

    assert (answer.status_code, answer.headers["Location"][0]) == (303, "/")
    assert answer.headers["Location"].isprintable()
    assert "x" not in answer.cookies


def test_a_search_is_kept_under_what_can_be_printed_of_its_name(as_ana: Client, ana: Membership) -> None:
    form = {"query": "q=bolt", "name": " M8\x00 bolts\x1b", "rhythm": "daily", "from": "/search/?q=bolt"}

    assert as_ana.post("/alerts/searches/new/", form).status_code == 303
    assert SavedSearch.objects.get(membership=ana).name == "M8 bolts"
