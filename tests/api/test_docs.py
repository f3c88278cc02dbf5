import pytest

from kontor.api.documents import reference
from tools.api_reference import PAGE, page

pytestmark = pytest.mark.django_db


def test_the_page_shows_every_endpoint_without_a_script_of_its_own(client):
    answer = client.get("/api/docs")

    html = answer.content.decode()
    assert answer.status_code == 200
    for group in reference().groups:
        for entry in group.entries:
            assert f'id="{entry.anchor}"' in html
    assert "<script>" not in html
    assert 'style="' not in html
    assert "http" + "s://" not in html.split("<main", 1)[1].replace("https://track", "")


def test_the_written_reference_is_current():
    assert PAGE.read_text() == page(), "run: make api-schema"
