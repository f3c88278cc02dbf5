from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "kontor.backoffice"
    label = "backoffice"

    def ready(self) -> None:
        from kontor.backoffice.shell import shell
        from kontor.web.shell import register_shell

        register_shell("backoffice", shell)
