"""The page about settings says what the settings are."""

from tools.settings_reference import PAGE, page


def test_the_page_is_current():
    assert PAGE.read_text() == page(), "run: python -m tools.settings_reference"
