"""The addresses of sellers and of the operator; each file of views brings its own."""

from importlib import import_module

from django.urls import URLPattern

app_name = "backoffice"
PAGES = (
    "home", "customers", "acting", "requests", "offers", "orders", "order_entry", "papers", "picking",
    "shipments", "returns", "invoices", "free_invoices", "products", "product_form", "product_media",
    "product_parts", "product_variants", "product_relations", "product_history", "products_together",
    "families", "attributes", "categories", "search", "inquiries", "assortments", "customer_groups",
    "agreed_quantities", "price_lists", "list_prices", "prices_of", "margins", "price_rounds",
    "agreements", "agreement_use", "agreement_offers", "promotions", "promotion_trial",
    "mass_change", "price_grid", "price_differences", "price_papers",
    "imports", "exports", "import_pictures", "schedules", "feeds",
    "product_options", "stock", "receipts", "expected", "rebates", "rebate_form", "platform", "audit",
    "charges", "charges_tried", "indices", "exchange_rates",
    "taxes", "vat_ids", "certificates", "tax_rates",
)  # fmt: skip

urlpatterns: list[URLPattern] = [
    pattern for page in PAGES for pattern in import_module(f"kontor.backoffice.{page}").urlpatterns
]
