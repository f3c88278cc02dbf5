"""What the columns of a file may mean, by their names in English and German, the standards' element names, and the
seller's own attributes. Suggestions only: a person looks at them before anything is done."""

import re
from collections.abc import Iterable, Mapping

from kontor.catalog.models import Attribute
from kontor.exchange.fields import Field, split_target
from kontor.exchange.subjects import AGREED, COSTS, GOODS, OPTIONS, PRICES, SUBJECTS
from kontor.tables import Column
from kontor.tables.names import folded
from kontor.tables.table import Table

# The first column that fits a field gets it; the better names stand first.
NAMES = {
    "sku": "sku supplier_pid supplier_aid supplierarticleid article_number articleno article_no "
    "item_number item_no part_number product_number product_code productid product_id stockcode "
    "stock_code artikelnummer artikelnr artikel_nr art_nr artnr artikel_nummer bestellnummer "
    "bestell_nr materialnummer material_number material sachnummer id articleid",
    "name": "name title product_name description_short descriptionshort short_description bezeichnung "
    "artikelbezeichnung produktname titel kurztext kurzbezeichnung benennung artikelname "
    "item_name designation short_text description",
    "summary": "summary teaser subtitle zusammenfassung kurzbeschreibung short_description "
    "description_short",
    "description": "description description_long descriptionlong long_description beschreibung langtext "
    "langbeschreibung artikelbeschreibung produktbeschreibung long_text details remarks",
    "brand": "brand manufacturer_name manufacturer manufacturername marke hersteller herstellername "
    "supplier vendor maker",
    "manufacturer_part_number": "manufacturer_part_number manufacturer_pid manufacturer_aid manufacturerarticleid mpn "
    "manufacturer_article_number herstellerartikelnummer hersteller_artikelnummer hersteller_nr "
    "herstellernummer manufacturer_number oem_number part_no",
    "gtin": "gtin ean gtin13 ean13 ean_13 international_pid barcode ean_code eancode gtin_ean upc "
    "strichcode ean_gtin",
    "category": "category catalog_group category_path categories kategorie warengruppe produktgruppe "
    "artikelgruppe gruppe product_type google_product_category breadcrumb sortiment",
    "family": "family familie produktfamilie attribute_set",
    "base_unit": "base_unit content_unit contentunit unit unit_of_measure uom einheit basiseinheit "
    "mengeneinheit me basismengeneinheit order_unit orderunit",
    "units": "units sales_units verkaufseinheiten",
    "components": "components contents kit_contents bestandteile stueckliste setinhalt",
    "tax_category": "tax_category steuerklasse steuersatzart",
    "weight_grams": "weight_grams weight_g gewicht_g gewicht_in_g weight_in_grams",
    "weight_kg": "weight_kg gewicht_kg gewicht_in_kg weight gewicht net_weight nettogewicht",
    "lead_days": "lead_days delivery_time deliverytime lead_time lieferzeit lieferzeit_tage "
    "wiederbeschaffungszeit",
    "origin": "origin country_of_origin ursprungsland herkunftsland origin_country",
    "customs_code": "customs_code customs_tariff_number zolltarifnummer hs_code taric warennummer "
    "commodity_code statistische_warennummer",
    "status": "status produktstatus artikelstatus",
    "kind": "kind artikelart produktart",
    "specifications": "specifications features technische_daten merkmale eigenschaften spezifikationen",
    "on_sale_from": "on_sale_from valid_from verkauf_ab gueltig_ab verfuegbar_ab",
    "on_sale_until": "on_sale_until valid_until verkauf_bis gueltig_bis",
    "picture": "picture image image_url image_link picture_url img_high bild bild_url bildurl mime_source "
    "foto photo",
    "price": "price price_net_list price_net_customer list_price net_price unit_price price_gros_list "
    "listenpreis preis vk verkaufspreis nettopreis einzelpreis vk_netto price_amount",
    "price_from": "price_from from_quantity lower_bound lowerbound staffelmenge ab_menge min_quantity staffel",
    "price_base": "price_base price_quantity pricequantity per preiseinheit price_unit pe preis_pro "
    "per_quantity",
    "price_currency": "price_currency currency waehrung pricecurrency",
    "stock": "stock on_hand quantity_on_hand stock_on_hand inventory bestand lagerbestand qty quantity "
    "menge verfuegbar available lagermenge",
    "bin": "bin bin_location lagerplatz stellplatz",
    "class:eclass": "reference_feature_group_id eclass eclass_code",
    "class:etim": "etim etim_class etim_klasse",
    "class:unspsc": "unspsc unspsc_code",
}  # fmt: skip
OPTION_NAMES = {
    "sku": NAMES["sku"],
    "group": "group group_code option_group gruppe gruppencode optionsgruppe",
    "group_name": "group_name gruppenname name_der_gruppe",
    "least": "least at_least mindestens",
    "most": "most at_most hoechstens",
    "choice": "choice choice_code option_code auswahl auswahlcode wahl optionscode",
    "choice_name": "choice_name option_name auswahlname optionsname",
    "amount": "amount surcharge aufpreis zuschlag mehrpreis",
    "currency": NAMES["price_currency"],
    "percent": "percent surcharge_percent prozent aufpreis_prozent zuschlag_prozent",
    "weight_grams": NAMES["weight_grams"],
    "lead_days": NAMES["lead_days"],
    "is_default": "is_default default standard vorauswahl vorbelegt",
    "requires": "requires needs braucht erfordert",
    "excludes": "excludes not_with schliesst_aus nicht_mit",
}
AGREED_NAMES = {
    "customer": "customer customer_number customer_no kunde kundennummer kundennr kunden_nr debitor",
    "customer_group": "customer_group kundengruppe",
    "sku": NAMES["sku"],
    "unit": "unit sales_unit einheit verkaufseinheit mengeneinheit me",
    "minimum": "minimum min_quantity minimum_quantity mindestmenge mindestabnahme",
    "multiple": "multiple step steps vielfaches schritt schrittweite",
    "maximum": "maximum max_quantity maximum_quantity hoechstmenge maximalmenge",
}
PRICE_NAMES = {
    "sku": NAMES["sku"],
    "price_list": "price_list price_list_code list preisliste preislistencode liste",
    "from_quantity": "from_quantity from min_quantity price_from lower_bound ab ab_menge staffelmenge staffel",
    "price": NAMES["price"],
    "per": NAMES["price_base"],
    "unit": "unit sales_unit uom einheit verkaufseinheit mengeneinheit me",
    "valid_from": "valid_from valid_start_date gueltig_ab gueltig_von ab_datum",
    "valid_until": "valid_until valid_to valid_end_date gueltig_bis bis_datum",
    "currency": NAMES["price_currency"],
    "graduated": "graduated gestaffelt",
}
COST_NAMES = {
    "sku": NAMES["sku"],
    "cost": "cost costs purchase_price cost_price kosten einkaufspreis ek selbstkosten",
    "lowest_price": "lowest_price floor minimum_price mindestpreis niedrigster_preis preisuntergrenze",
    "least_margin": "least_margin minimum_margin mindestmarge mindestspanne",
    "from": "from day valid_from ab datum tag gueltig_ab",
}
_FITTING = {
    subject: {key: some.split() for key, some in names.items()}
    for subject, names in (
        (GOODS, NAMES),
        (OPTIONS, OPTION_NAMES),
        (AGREED, AGREED_NAMES),
        (PRICES, PRICE_NAMES),
        (COSTS, COST_NAMES),
    )
}
_FIGURES = frozenset(
    {
        "price",
        "stock",
        "weight_kg",
        "price_base",
        "amount",
        "percent",
        "minimum",
        "multiple",
        "maximum",
        "per",
        "cost",
        "lowest_price",
        "least_margin",
    }
)
_BESIDE_PRICES = {
    "sku", "name", "base_unit", "price", "price_from", "price_base", "price_currency", "on_sale_from", "on_sale_until",
}  # fmt: skip
_TOLD_BY = {
    COSTS: {"cost", "lowest_price", "least_margin"},
    PRICES: {"price_list", "valid_from", "valid_until"},
}
_LANGUAGES = {
    "deu": "de",
    "ger": "de",
    "eng": "en",
    "fra": "fr",
    "fre": "fr",
    "ita": "it",
    "spa": "es",
    "nld": "nl",
}
BREAK = re.compile(r"^(?:price|preis|price net list|price net customer)\s*(?:from|ab)\s*(\d+)$")


def subject_of(table: Table) -> str:
    """What a file is about. Others than goods are told by the columns that they need.

    A price with dates or a list, and a cost, are no part of a file that says more about its articles than the name.
    """
    if not set(suggest(table, ()).values()) - _BESIDE_PRICES:
        for one, told_by in _TOLD_BY.items():
            if told_by & set(suggest(table, (), one).values()):
                return one
    if {"name", "price", "stock"}.isdisjoint(suggest(table, ()).values()):
        for one in (OPTIONS, AGREED):
            found = set(suggest(table, (), one).values())
            if all(found & set(some) for some in SUBJECTS[one].needs):
                return one
    return GOODS


def suggest(table: Table, attributes: Iterable[Attribute], subject: str = GOODS) -> dict[str, str]:
    """The columns with what they mean; columns that nobody recognises are left out."""
    fields = SUBJECTS[subject].fields
    plain = {column.name: folded(column.name) for column in table.columns}
    attributes = list(attributes)
    codes = {one.code for one in attributes}
    found = {column: column for column in plain if _is_target(fields, column, codes)}
    taken = set(found)
    for key, names in _FITTING[subject].items():
        best = min(
            (
                (names.index(name), place, column)
                for place, (column, name) in enumerate(plain.items())
                if name in names and column not in found and _looks_like(key, table.columns[place])
            ),
            default=None,
        )
        if best is not None and key not in taken:
            found[best[2]] = key
            taken.add(key)
    if subject != GOODS:
        return found
    by_name = _attribute_names(attributes)
    for column, name in plain.items():
        if column not in found:
            target = _further(column, name, by_name)
            if target and target not in taken:
                found[column] = target
                taken.add(target)
    return found


def decimal_sign(columns: Iterable[Column], meanings: Mapping[str, str]) -> str:
    """The decimal sign of the figures in the samples; a point when nothing says otherwise."""
    points = commas = 0
    for column in columns:
        if meanings.get(column.name, "").partition(":")[0] in _FIGURES:
            for sample in column.samples:
                figures = re.sub(r"[^\d.,]", "", sample)
                points += bool(re.search(r"\.\d{1,2}$|\.\d{4,}$|,\d{3}\.", figures))
                commas += bool(re.search(r",\d{1,2}$|,\d{4,}$|\.\d{3},", figures))
    return "," if commas > points else "."


def _is_target(fields: Mapping[str, Field], column: str, codes: set[str]) -> bool:
    """Whether a column is called what it means, as in our own exports: ``name:de``, ``attribute:voltage``."""
    key, rest = split_target(column)
    if key == "attribute":
        return rest in codes
    if key not in fields:
        return False
    return bool(fields[key].takes) if rest else key not in ("specification", "class")


def _looks_like(key: str, column: Column) -> bool:
    """Whether the samples speak against it."""
    filled = [sample for sample in column.samples if sample.strip()]
    if key in ("sku", "gtin", "base_unit") and column.samples == [] and column.name.casefold() == "articleid":
        return False
    if key in ("price", "stock", "weight_kg", "weight_grams") and filled:
        return any(re.search(r"\d", sample) for sample in filled)
    if key == "picture" and filled:
        return any("://" in sample for sample in filled)
    return bool(filled) or key != "sku" or column.name == "SUPPLIER_PID"


def _attribute_names(attributes: Iterable[Attribute]) -> dict[str, str]:
    names: dict[str, str] = {}
    for one in attributes:
        for name in (one.code, one.name, *one.names.values()):
            names.setdefault(folded(name), one.code)
    return names


def _further(column: str, name: str, attributes: Mapping[str, str]) -> str:
    if match := BREAK.match(" ".join(column.casefold().split()).replace("_", " ")):
        return f"price:{match[1]}"
    text, mark, language = column.partition("@")
    if mark:
        base = {"DESCRIPTION_SHORT": "name", "DESCRIPTION_LONG": "description"}.get(text) or text.casefold()
        if base in ("name", "summary", "description"):
            return f"{base}:{_LANGUAGES.get(language, language)}"
    for prefix in ("attribute ", "attribute:", "attribute_", "attr_t_", "attr_n_", "attr_b_", "merkmal "):
        if column.casefold().startswith(prefix) and (code := attributes.get(folded(column[len(prefix) :]))):
            return f"attribute:{code}"
    return f"attribute:{attributes[name]}" if name in attributes else ""
