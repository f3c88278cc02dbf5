from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "kontor.storefront"
    label = "storefront"

    def ready(self) -> None:
        from kontor.storefront.shell import shell
        from kontor.web.shell import register_shell

        register_shell("storefront", shell)
        register_shell("", shell)
