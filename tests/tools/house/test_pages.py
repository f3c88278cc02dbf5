"""Templates and style sheets: nothing inline, nothing unescaped, nothing left or right, every word translatable."""

import pytest

from tools.house import pages, texts

TEMPLATE = "kontor/storefront/templates/storefront/x.html"


def found(rule, house, path: str, text: str, **ratchets) -> list[tuple[int, str]]:
    return [(one.line, one.rule) for one in rule.check(house({path: text}, **ratchets))]


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color: red">',
        '<p class="x"\n   style="color: red">',
        "<style>p {}</style>",
        "<script>alert(1)</script>",
        '<a onclick="go()">',
        '<a hx-on:click="go()">',
        '<a href="javascript:go()">',
    ],
)
def test_nothing_stands_inline(text, house):
    assert [rule for _line, rule in found(pages, house, TEMPLATE, text)] == ["inline"]


@pytest.mark.parametrize(
    "text",
    [
        '<script src="{{ static("x.js") }}" defer></script>',
        '<script type="application/json" id="rows">{{ rows }}</script>',
        "{# <p style='x'> #}",
        '<section data-on-time="yes">',
    ],
)
def test_files_data_and_comments_are_fine(text, house):
    assert found(pages, house, TEMPLATE, text) == []


def test_mails_may_have_styles_on_their_tags(house):
    path = "kontor/notifications/templates/notifications/mail/x.html"
    text = '<p style="color: red">'
    assert found(pages, house, path, text, pages={"mails": ["kontor/notifications/templates/*"]}) == []


def test_style_sheets_know_start_and_end_only(house):
    css = "a { margin-left: 1px; }\nb { left: 0; }\nc { text-align: right; }\nd { border-top-left-radius: 2px }\n"
    right = "a { margin-inline-start: 1px; inset-inline-start: 0; text-align: end; } /* left: 0 */ .left { top: 0 }"
    path = "kontor/web/static/web/css/x.css"
    assert [line for line, _rule in found(pages, house, path, css)] == [1, 2, 3, 4]
    assert found(pages, house, path, right) == []


def test_unescaped_places_are_counted_and_may_only_shrink(house):
    path, text = "kontor/web/x.py", "a = Markup(f'<b>{x}</b>')\nb = mark_safe(y)\nc = Markup('<b></b>')\n"
    assert found(pages, house, path, text) == [(1, "unescaped"), (2, "unescaped")]
    assert found(pages, house, path, text, unescaped={path: 2}) == []
    assert found(pages, house, path, text, unescaped={path: 3}) == [(1, "ratchet")]
    assert found(pages, house, TEMPLATE, "{{ note|safe }}") == [(1, "unescaped")]


def test_words_in_templates_are_translated(house):
    text = (
        "<h1>Orders</h1>\n"
        "<h1>{% trans %}Orders{% endtrans %}</h1>\n"
        "<p>{{ _('Your orders') }} &middot; {{ count }}</p>\n"
        '<input placeholder="Search">\n'
        '<input placeholder="{{ _("Search") }}" class="wide field">\n'
        "{% trans count=n %}{{ count }} order{% pluralize %}{{ count }} orders{% endtrans %}\n"
        "{% if x %}Late{% endif %}\n"
        "{# Not shown #}<code>SKU quantity</code>\n"
    )
    assert [line for line, _rule in found(texts, house, TEMPLATE, text)] == [4, 1, 7]


def test_refusals_are_translated(house):
    text = 'Refused("late", "Too late.")\nRefused("late", _("Too late."))\nRefused("l", message=f"{x}")\n'
    assert [line for line, _rule in found(texts, house, "kontor/orders/x.py", text)] == [1, 3]
