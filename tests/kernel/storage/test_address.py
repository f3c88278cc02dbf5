import doctest

import pytest

from kontor.kernel.configuration import ConfigurationProblem, load
from kontor.kernel.storage import address
from kontor.kernel.storage.address import s3_address


def test_the_example_of_the_address():
    assert doctest.testmod(address).failed == 0


def test_an_address_without_keys_and_folder():
    found = s3_address("s3+http://10.0.0.7:9000/files?region=eu-central-1")

    assert (found.endpoint, found.bucket, found.folder) == ("http://10.0.0.7:9000", "files", "")
    assert (found.region, found.access_key, found.secret_key) == ("eu-central-1", "", "")


@pytest.mark.parametrize(
    "url",
    [
        "https://host/files",
        "s3://key:hush@host",
        "s3://key@host/files",
        "s3://key:hush@host:port/files",
        "s3://key:hush@host/files?regoin=eu",
        "s3:///files",
    ],
)
def test_a_wrong_address_is_told_with_its_form_and_without_its_secret(url: str):
    with pytest.raises(ConfigurationProblem) as problem:
        load({"KONTOR_FILES_URL": url, "KONTOR_SECRET_KEY": "k" * 50})

    assert "KONTOR_FILES_URL" in str(problem.value)
    assert "s3://ACCESS_KEY:SECRET@host/bucket" in str(problem.value)
    assert "hush" not in str(problem.value)
