"""The product's settings for web processes of proofs. Only static files come as they lie in the source: naming and
compressing them would take longer than the proof."""

from kontor.settings import *  # noqa: F403  # all of them
from kontor.settings import STORAGES

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
