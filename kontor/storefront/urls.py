"""The buyer's addresses; each file of views brings its own."""

from importlib import import_module

from django.urls import URLPattern

app_name = "storefront"
PAGES = (
    "home", "account", "catalog", "products", "brands", "search", "compare", "sitemaps", "carts", "checkout",
    "requests", "approvals", "orders", "papers", "returns", "invoices", "alerts", "agreements", "inquiries", "feeds",
    "company", "configurator", "part_numbers", "price_files", "rebates", "people", "keys", "profile", "mailbox",
    "taxes",
)  # fmt: skip

urlpatterns: list[URLPattern] = [
    pattern for page in PAGES for pattern in import_module(f"kontor.storefront.{page}").urlpatterns
]
