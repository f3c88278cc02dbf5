import re

from django.test import RequestFactory
from django.utils import translation

from kontor.web.pages import jinja_env
from kontor.web.shell import Account, AsCustomer, NavItem, Shell
from kontor.web.views.living import living
from tests.web.markup import problems

SHELL = Shell(
    brand="Hansa Supply",
    office="buyer",
    nav=(NavItem(label="Orders", url="/orders/", key="o", count=3, current=True),),
    search_url="/search/",
    cart_url="/cart/",
    cart_count=7,
    account=Account(name="Ana", company="Acme", sign_out_url="/out/"),
    languages=(("en", "English"), ("de", "Deutsch")),
    language_url="/language/",
    as_customer=AsCustomer(company="Acme", rep="Sal", leave_url="/leave/"),
)


def _html(rf: RequestFactory, **query: str) -> str:
    request = rf.get("/living", query)
    request.__dict__["_shell"] = SHELL
    return living(request).content.decode()


def test_every_control_has_a_name_and_nothing_is_inline(rf: RequestFactory) -> None:
    assert problems(_html(rf, toast="1")) == []


def test_the_living_page_shows_every_component(rf: RequestFactory) -> None:
    env, used = jinja_env(), ""
    for name in env.list_templates(filter_func=lambda name: name.startswith("web/")):
        assert env.loader is not None
        used += env.loader.get_source(env, name)[0]

    unused = [name for name in env.globals["ui"].names() if not re.search(rf"(?<!macro )\b{name}\(", used)]
    assert unused == []


def test_hostile_words_stay_words(rf: RequestFactory) -> None:
    assert "<script>alert" not in _html(rf)


def test_a_language_from_right_to_left_turns_the_page(rf: RequestFactory) -> None:
    with translation.override("ar"):
        html = _html(rf)

    assert '<html lang="ar" dir="rtl"' in html
