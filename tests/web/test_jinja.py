import pytest
from django.test import RequestFactory
from django.utils import translation
from jinja2 import DictLoader, UndefinedError

from kontor.web.jinja import environment


@pytest.fixture
def render():
    env = environment()
    return lambda source, **values: env.from_string(source).render(values)


def test_a_name_that_is_missing_may_be_asked_for_but_not_printed(render) -> None:
    assert render("{% if refusal %}no{% endif %}{{ 'x' if refusal }}|") == "|"
    with pytest.raises(UndefinedError):
        render("{{ refusl }}")


def test_what_people_type_is_escaped(render) -> None:
    assert render("{{ word }}", word="<b>&") == "&lt;b&gt;&amp;"


def test_translations_keep_placeholders_safe(render) -> None:
    assert render("{{ _('Hello %(name)s', name=name) }}", name="<b>") == "Hello &lt;b&gt;"
    assert render("{% trans n=2 %}{{ n }} lines{% endtrans %}") == "2 lines"


def test_a_text_without_placeholders_follows_the_language_each_time(render) -> None:
    found = []
    for language in ("en", "de", "en"):
        with translation.override(language):
            found.append(render("{{ _('Cancel') }}"))
    assert found == ["Cancel", "Abbrechen", "Cancel"]


def test_a_remembered_piece_knows_its_facts_and_the_language_and_nothing_else() -> None:
    env = environment(loader=DictLoader({"piece": "{{ _('Cancel') }} {{ name }}"}), auto_reload=False)
    page = env.from_string("{{ remembered('piece', name=name) }}")
    with translation.override("de"):
        assert page.render(name="<Ana>") == "Abbrechen &lt;Ana&gt;"
    with translation.override("en"):
        assert [page.render(name=name) for name in ("Ana", "Ben", "Ana")] == [
            "Cancel Ana",
            "Cancel Ben",
            "Cancel Ana",
        ]
        with pytest.raises(UndefinedError):
            env.from_string("{{ remembered('piece') }}").render(name="Ana")


def test_forms_of_a_remembered_piece_get_the_tokens_and_the_address_of_each_page() -> None:
    pieces = {"piece": "{{ name }} {{ csrf_input }} {{ csrf_input }} {{ here }}"}
    env = environment(loader=DictLoader(pieces), auto_reload=False)
    page = env.from_string("{{ remembered('piece', name=name) }}")
    request, tokens = RequestFactory().get("/search/?q=<a>"), iter("abcd")

    class Tokens:
        def __html__(self) -> str:
            return f"<{next(tokens)}>"

    rendered = [page.render(name="&", csrf_input=Tokens(), request=request) for _ in range(2)]

    assert rendered == ["&amp; <a> <b> /search/?q=%3Ca%3E", "&amp; <c> <d> /search/?q=%3Ca%3E"]
