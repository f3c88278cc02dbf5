"""The product's settings, with a database and a home of its own per KONTOR_TEST_NAME and nothing from the environment."""

import os
from pathlib import Path

from tests.server import address

KEPT = ("KONTOR_TEST_", "KONTOR_SHARED", "KONTOR_POSTGRES_BIN")
for _name in [name for name in os.environ if name.startswith("KONTOR_") and not name.startswith(KEPT)]:
    del os.environ[_name]
_who = os.environ.get("KONTOR_TEST_NAME") or "everyone"
os.environ["KONTOR_HOME"] = str(Path(__file__).resolve().parent.parent / "var" / f"test-home-{_who}")
os.environ["KONTOR_DATABASE_URL"] = address()

from kontor.settings import *  # noqa: F403  # after the addresses above are set
from kontor.settings import DATABASES, MIDDLEWARE, STORAGES

_database = DATABASES["default"]
_database["OPTIONS"] = {name: value for name, value in _database["OPTIONS"].items() if name != "pool"}
_database["TEST"] = {"NAME": f"test_kontor_{_who}"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
SEARCH_NOTES_EVERY = 0  # tests write notes themselves
STRICT_TEMPLATES = True  # printing a name that does not exist is an error
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
MIDDLEWARE = [*MIDDLEWARE, "kontor.web.middleware.read_only.read_only_get"]
