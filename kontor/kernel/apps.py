from django.apps import AppConfig
from django.conf import settings

from kontor.kernel.observability import logging


class KernelConfig(AppConfig):
    name = "kontor.kernel"
    label = "kernel"

    def ready(self) -> None:
        logging.configure(style=settings.CONFIG.log_format, level=settings.CONFIG.log_level)
