from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "kontor.storefront"
    label = "storefront"
