"""The product's settings with a database of its own per KONTOR_TEST_NAME, on a server that forgets safely and fast."""

import os

from tests.server import address

os.environ["KONTOR_DATABASE_URL"] = address()

from kontor.settings import *  # noqa: F403  # after the address above is set
from kontor.settings import CONFIG, DATABASES, MIDDLEWARE

_database = DATABASES["default"]
_database["OPTIONS"] = {name: value for name, value in _database["OPTIONS"].items() if name != "pool"}
_database["TEST"] = {"NAME": f"test_kontor_{CONFIG.test_name or 'everyone'}"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MIDDLEWARE = [*MIDDLEWARE, "kontor.web.middleware.read_only.read_only_get"]
