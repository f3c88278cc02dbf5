from django.apps import AppConfig


class PromotionsConfig(AppConfig):
    name = "kontor.promotions"
    label = "promotions"
