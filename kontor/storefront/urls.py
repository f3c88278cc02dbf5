"""The buyer's addresses; each file of views brings its own."""

from importlib import import_module

from django.urls import URLPattern

app_name = "storefront"
PAGES = (
    "home", "account", "catalog", "carts", "checkout", "requests", "approvals", "orders", "papers", "returns",
    "invoices", "company", "part_numbers", "people", "keys", "profile", "mailbox",
)  # fmt: skip

urlpatterns: list[URLPattern] = [
    pattern for page in PAGES for pattern in import_module(f"kontor.storefront.{page}").urlpatterns
]
