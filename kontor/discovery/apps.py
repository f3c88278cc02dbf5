from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    name = "kontor.discovery"
    label = "discovery"

    def ready(self) -> None:
        from kontor.discovery import (  # noqa: F401  # they register themselves
            invariants,
            permissions,
            reactions,
            verbs,
        )
