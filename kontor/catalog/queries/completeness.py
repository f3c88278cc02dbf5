"""Completeness of many products at once, and those that are incomplete."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from kontor.catalog.completeness import Completeness, Filled, completeness
from kontor.catalog.models import Channel, Family, KitComponent, Medium, Product, ProductText
from kontor.catalog.queries.families import attributes_of_families
from kontor.goods.attributes import Trait, asked_of

PICTURES = Medium.objects.filter(product=OuterRef("pk"), kind=Medium.Kind.PICTURE)


def completeness_of(
    products: Sequence[Product],
    languages: Sequence[str],
    reader: str,
    channels: Sequence[str] = Channel.values,
    pictured: Collection[int] | None = None,
) -> dict[int, list[Completeness]]:
    """By product the completeness in each language, and there in each channel; the first language is that of its own
    texts.

    `pictured` are those of the products that have a picture, where the caller knows. Two statements, one more for the
    pictures and one for kits.
    """
    keys = [one.pk for one in products]
    if pictured is None:
        media = Medium.objects.filter(product__in=keys, kind=Medium.Kind.PICTURE)
        pictured = set(media.values_list("product", flat=True))
    texts: dict[int, dict[str, tuple[str, str]]] = defaultdict(dict)
    for key, language, name, description in ProductText.objects.filter(product__in=keys).values_list(
        "product", "language", "name", "description"
    ):
        texts[key][language] = (name, description)
    traits = attributes_of_families(one.family_id for one in products)
    kits = {one.pk for one in products if one.kind == Product.Kind.KIT}
    filled_kits = (
        set(KitComponent.objects.filter(kit__in=kits).values_list("kit", flat=True)) if kits else set()
    )
    found = {}
    for one in products:
        filled = Filled(
            has_category=one.category_id is not None,
            has_picture=one.pk in pictured,
            is_identified=bool(one.gtin or (one.brand and one.manufacturer_part_number)),
            description=one.description,
            attributes=one.attributes,
            texts=texts[one.pk],
            lacks_components=one.pk not in filled_kits if one.pk in kits else None,
        )
        wanted = asked_of(one.kind, traits.get(one.family_id, []) if one.family_id else [])
        found[one.pk] = [
            completeness(filled, wanted, language, is_first=position == 0, reader=reader, channel=channel)
            for position, language in enumerate(languages)
            for channel in channels
        ]
    return found


def incomplete(
    found: QuerySet[Product], seller_id: int | None, languages: Sequence[str], channel: str
) -> QuerySet[Product]:
    """Those of the products to which something is missing in a channel, in any of the languages."""
    lacking = [Q(description="")]
    lacking.append(Q(~Exists(KitComponent.objects.filter(kit=OuterRef("pk"))), kind=Product.Kind.KIT))
    if channel != Channel.DATASHEET:
        lacking += [Q(category__isnull=True), Q(~Exists(PICTURES))]
    if channel == Channel.FEED:
        lacking.append(Q(gtin="") & (Q(brand="") | Q(manufacturer_part_number="")))
    for language in languages[1:]:
        told = ProductText.objects.filter(product=OuterRef("pk"), language=language)
        lacking.append(Q(~Exists(told.exclude(name="").exclude(description=""))))
    lacking.append(lacking_values(seller_id, languages, channel))
    return found.filter(Q(*lacking, _connector=Q.OR))


def lacking_values(seller_id: int | None, languages: Sequence[str], channel: str = "") -> Q:
    """Products that lack a value which their family requires, in a channel or ("") to be on sale at all."""
    lacking = Q(pk__in=[])
    families = Family.objects.filter(seller_id=seller_id).values_list("pk", flat=True)
    of_model = Q(kind=Product.Kind.MODEL)
    for family, traits in attributes_of_families(families).items():
        asked = [one for one in traits if one.is_asked_in(channel)]
        lacking |= Q(~of_model, ~_has(asked, languages), family=family)
        lacking |= Q(of_model, ~_has(asked_of(Product.Kind.MODEL, asked), languages), family=family)
    return lacking


def _has(asked: Sequence[Trait], languages: Sequence[str]) -> Q:
    """Products with all these values, the localised ones in all languages."""
    localised = [
        Q(**{f"attributes__{one.code}__has_key": language})
        for one in asked
        if one.is_localised
        for language in languages
    ]
    return Q(*localised, attributes__has_keys=[one.code for one in asked])
