import pytest
from jinja2 import UndefinedError

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
