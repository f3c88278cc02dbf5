from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "kontor.companies"
    label = "companies"

    def ready(self) -> None:
        from kontor.companies import invariants, permissions, verbs  # noqa: F401  # they register themselves
