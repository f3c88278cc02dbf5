"""Settings come from the environment, typed; a wrong one is named, with the way out."""

import stat

import pytest

from kontor.kernel.configuration import Configuration, ConfigurationProblem, describe, load, unknown_names

KEY = "k" * 50


def given(**variables: str) -> Configuration:
    return load(
        {f"KONTOR_{name.upper()}": value for name, value in ({"secret_key": KEY} | variables).items()}
    )


def refused(**variables: str) -> str:
    with pytest.raises(ConfigurationProblem) as problem:
        given(**variables)
    return str(problem.value)


def test_nothing_has_to_be_set():
    configuration = given()
    assert (configuration.port, configuration.address) == (8000, "http://127.0.0.1:8000")
    assert configuration.embedded
    assert not configuration.sends_mail
    assert configuration.hosts == ("127.0.0.1", "localhost", "[::1]")


def test_values_are_read_with_their_types():
    configuration = given(
        port="9000", debug="yes", allowed_hosts="a.example, b.example", prices_for_guests="off"
    )
    assert configuration.port == 9000
    assert configuration.debug is True
    assert configuration.allowed_hosts == ("a.example", "b.example")
    assert configuration.prices_for_guests is False


def test_an_empty_variable_means_the_default():
    assert given(port="").port == 8000


def test_every_wrong_variable_is_named_with_its_value_and_what_it_is_for():
    lines = refused(port="abc", default_timezone="Mars").splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("KONTOR_PORT is 'abc': input should be a valid integer")
    assert "Port that the web server listens on." in lines[0]
    assert lines[1].startswith("KONTOR_DEFAULT_TIMEZONE is 'Mars': no such time zone")


def test_a_wrong_secret_is_named_but_not_shown():
    text = refused(database_url="mysql://user:pass-word@host/name")
    assert text.startswith("KONTOR_DATABASE_URL: it must begin with postgresql://")
    assert "pass-word" not in text


def test_a_mistyped_name_is_refused_with_the_right_one():
    assert "Did you mean KONTOR_DATABASE_URL?" in refused(databse_url="postgresql:///x")


def test_names_of_tests_and_benchmarks_are_none_of_our_business():
    environ = {
        "KONTOR_TEST_DATABASE_URL": "x",
        "KONTOR_SHARED": "y",
        "KONTOR_BENCH_SECONDS": "3",
        "KONTOR_FOREIGN": "z",
    }
    assert unknown_names(environ) == ["KONTOR_FOREIGN"]


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("smtp://ana:p%40ss@mail.example:2525", "mail.example", 2525, "starttls"),
        ("smtps://ana:p%40ss@mail.example", "mail.example", 465, "tls"),
    ],
)
def test_the_mail_server_may_come_as_one_address(url, host, port, tls):
    configuration = given(smtp_url=url)
    assert (configuration.smtp_host, configuration.smtp_port, configuration.smtp_tls) == (host, port, tls)
    assert configuration.smtp_user == "ana"
    assert configuration.smtp_password.get_secret_value() == "p@ss"


def test_two_ways_to_name_the_mail_server_are_one_too_many():
    assert "not both" in refused(smtp_url="smtp://a.example", smtp_host="b.example")


def test_production_refuses_what_is_unsafe_all_at_once():
    text = refused(production="yes", debug="yes", secret_key="short")
    assert "KONTOR_DEBUG must be off" in text
    assert "KONTOR_SECRET_KEY must be set" in text
    assert "KONTOR_PUBLIC_URL must be set" in text


def test_production_answers_only_the_names_it_was_given():
    configuration = given(production="yes", public_url="https://shop.example/", allowed_hosts="b.example")
    assert configuration.hosts == ("b.example", "shop.example")


def test_the_secret_key_is_made_once_and_kept_for_its_owner(tmp_path):
    environ = {"KONTOR_HOME": str(tmp_path / "home")}
    first, second = load(environ), load(environ)

    assert first.secret_key.get_secret_value() == second.secret_key.get_secret_value()
    assert len(first.secret_key.get_secret_value()) >= 64
    kept = tmp_path / "home" / "secret_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secret_key"]


def test_the_list_of_settings_hides_secrets_and_has_a_sentence_for_each(tmp_path):
    environ = {
        "KONTOR_SECRET_KEY": KEY,
        "KONTOR_DATABASE_URL": "postgresql://u:hidden-word@db/x",
        "KONTOR_SMTP_PASSWORD": "other-word",
    }
    rows = describe(load(environ), environ)

    assert {row.variable.removeprefix("KONTOR_").lower() for row in rows} == set(Configuration.model_fields)
    assert all(row.description.endswith(".") for row in rows)
    assert not [row for row in rows if KEY in row.value or "-word" in row.value]
    assert [row.variable for row in rows if row.is_set] == [
        "KONTOR_DATABASE_URL", "KONTOR_SECRET_KEY", "KONTOR_SMTP_PASSWORD",
    ]  # fmt: skip
