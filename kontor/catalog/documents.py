"""The data sheet of a product as PDF, made from its data whenever somebody asks for it."""

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from kontor.catalog import units
from kontor.catalog.models import Product
from kontor.companies.models import Address, Company
from kontor.kernel.pdf import Column, Note, Paper, Sender, render


def datasheet_pdf(product_id: int, language: str | None = None) -> bytes:
    """What the product is, how it is sold and specified, without prices. The caller has checked who may see it.

    `language` is the reader's; without one it is that of the request. Raises Product.DoesNotExist.
    """
    product = Product.objects.select_related("seller").get(pk=product_id)
    language = language or get_language() or "en"
    with override(language):
        return render(datasheet(product, language))


def datasheet(product: Product, language: str) -> Paper:
    """The paper behind the PDF."""
    return Paper(
        language=language,
        title=_("Data sheet"),
        number=product.sku,
        sender=_sender(product.seller),
        accent=product.seller.accent,
        footer=[[str(product.seller.legal_name)], [line for line in (product.seller.website,) if line]],
        page_word=_("Page"),
        recipient=[product.name, *([product.summary] if product.summary else [])],
        facts=_facts(product),
        columns=[Column(_("Property"), wide=True), Column(_("Value"), number=True)],
        rows=[
            [[str(row["name"])], [f"{row['value']} {row.get('unit', '')}".strip()]]
            for row in product.specifications
        ],
        notes=_notes(product),
    )


def _sender(seller: Company) -> Sender:
    address = Address.objects.filter(company=seller, is_billing=True, is_archived=False).first()
    place = [address.street, f"{address.postal_code} {address.city}".strip()] if address else []
    lines = [*place, seller.phone, seller.website]
    return Sender(
        name=str(seller), lines=[line for line in lines if line] or [seller.country], return_line=""
    )


def _facts(product: Product) -> list[tuple[str, str]]:
    facts = [
        (_("Brand"), product.brand),
        (_("Part number"), product.manufacturer_part_number),
        (_("GTIN"), product.gtin),
        (_("Base unit"), units.name(product.base_unit)),
    ]
    if product.weight_grams:
        facts.append(
            (_("Weight"), _("%(grams)s g") % {"grams": f"{product.weight_grams:,}".replace(",", " ")})
        )
    return [(label, value) for label, value in facts if value]


def _notes(product: Product) -> list[Note]:
    sold = [
        _("%(unit)s of %(content)s")
        % {"unit": units.name(one.unit), "content": units.counted(one.factor, product.base_unit)}
        for one in product.sales_units.all()
        if one.unit != product.base_unit
    ]
    notes = [Note([_("As our goods are improved, details may change.")])]
    if sold:
        notes.insert(0, Note(sold, _("Also sold as")))
    if product.description:
        notes.insert(
            0, Note([line for line in product.description.splitlines() if line.strip()], _("Description"))
        )
    return notes
