"""Too big is refused, what was accepted may only shrink."""

from tools.house import sizes


def messages(found):
    return [f"{one.rule}: {one.message}" for one in found]


def lines(count: int) -> str:
    return "x = 1\n" * count


def test_a_file_may_have_400_lines_and_no_more(house):
    assert messages(sizes.check(house({"kontor/orders/a.py": lines(400)}))) == []
    assert messages(sizes.check(house({"kontor/orders/a.py": lines(401)}))) == [
        "size: file lines is 401, more than 400: split it"
    ]


def test_a_function_may_have_50_lines_and_6_parameters(house):
    long = "def f():\n" + "    x = 1\n" * 50
    wide = "def g(self, a, b, c, *, d, e, f): pass\ndef h(a, b, c, *, d, e, f, g): pass\n"
    assert messages(sizes.check(house({"kontor/orders/a.py": long}))) == [
        "size: function f lines is 51, more than 50: split it"
    ]
    assert messages(sizes.check(house({"kontor/orders/a.py": wide}))) == [
        "size: function h parameters is 7, more than 6: split it"
    ]


def test_classes_templates_and_apps_have_limits_too(house):
    found = sizes.check(
        house(
            {
                "kontor/orders/a.py": "class A:\n" + "    x = 1\n" * 300,
                "kontor/storefront/templates/a.html": "\n" * 151,
                **{f"kontor/orders/m{number}.py": lines(400) for number in range(13)},
            }
        )
    )
    assert messages(found) == [
        "size: class A lines is 301, more than 300: split it",
        "size: template lines is 151, more than 150: split it",
        "size: app lines is 5501, more than 5000: split it",
    ]


def test_an_accepted_size_may_not_grow_and_must_follow_when_it_shrinks(house):
    key = "kontor/orders/a.py file lines"
    at = {"kontor/orders/a.py": lines(450)}
    assert messages(sizes.check(house(at, sizes={key: 450}))) == []
    assert messages(sizes.check(house(at, sizes={key: 440}))) == [
        "size: file lines is 450, more than 440: split it"
    ]
    assert messages(sizes.check(house(at, sizes={key: 460}))) == [
        f'ratchet: "{key}" is 450 now: set it to 450 in ratchets.toml'
    ]
    assert messages(sizes.check(house({"kontor/orders/a.py": lines(9)}, sizes={key: 450}))) == [
        f'ratchet: "{key}" is 9 now: remove it in ratchets.toml'
    ]
    assert messages(sizes.check(house({}, sizes={key: 450}))) == [f'ratchet: "{key}" is gone: remove it']


def test_migrations_are_as_long_as_they_are(house):
    assert messages(sizes.check(house({"kontor/orders/migrations/0001_initial.py": lines(900)}))) == []
