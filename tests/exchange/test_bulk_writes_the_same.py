"""A file writes what the page writes: the same facts through COPY and through `save_product` leave the same rows."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kontor.audit.models import Entry
from kontor.catalog.models import Attribute, AttributeChoice, Category, Family, FamilyAttribute, Product
from kontor.catalog.operations import AssortmentFacts, ProductFacts, save_assortment, save_product
from kontor.catalog.operations.facts import ClassFacts, TextFacts, UnitFacts, fitting_values
from kontor.catalog.queries.families import effective_attributes
from kontor.companies.models import Company
from kontor.exchange import folder
from kontor.kernel.models import OutboxEvent
from kontor.tables.texts import spec_line
from tests.cast import Cast
from tests.exchange.importing import SYSTEM, imported

TEXT = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x24F, exclude_categories=("Cc", "Zs")), max_size=12
)
NAME = st.text(
    st.characters(min_codepoint=65, max_codepoint=0x17F, categories=("L",)), min_size=1, max_size=12
)
FIGURE = st.decimals("0.001", 9999, places=3)
MOMENTS = ["2026-01-01T00:00:00+00:00", "2026-06-01T08:30:00+00:00"]
SPEC = st.fixed_dictionaries({"name": NAME, "value": NAME, "unit": st.sampled_from(["", "mm"])})
SPECS = st.lists(SPEC, max_size=2, unique_by=lambda one: one["name"])
UNITS = st.lists(
    st.tuples(st.sampled_from(["XBX", "XPX", "PR"]), FIGURE, FIGURE, FIGURE),
    max_size=2,
    unique_by=lambda one: one[0],
)
CLASSES = {"class:unspsc": ["27112000", "27112001"], "class:etim": ["EC001488", "ETIM-9.0 EC000599"]}
PATCH = st.fixed_dictionaries(
    {},
    optional={
        "name": NAME,
        "summary": TEXT,
        "description": TEXT,
        "brand": st.sampled_from(["", "Elbwerk", "Otto"]),
        "manufacturer_part_number": TEXT,
        "gtin": st.sampled_from(["", "4006381333931", "96385074"]),
        "category": st.sampled_from(["", "one", "two"]),
        "family": st.sampled_from(["wired", "plain"]),
        "kind": st.sampled_from(["goods", "service"]),
        "base_unit": st.sampled_from(["C62", "MTR"]),
        "tax_category": st.sampled_from(["standard", "reduced"]),
        "weight_grams": st.sampled_from(["", "0", "1500"]),
        "lead_days": st.sampled_from(["0", "7"]),
        "origin": st.sampled_from(["", "DE", "fr"]),
        "customs_code": st.sampled_from(["", "84672100"]),
        "on_sale_from": st.sampled_from(["", MOMENTS[0]]),
        "on_sale_until": st.sampled_from(["", MOMENTS[1]]),
        "specifications": SPECS,
        "units": UNITS,
        "attribute:voltage": st.sampled_from(["", "18", "230.5"]),
        "attribute:colour": st.sampled_from(["", "red", "blue"]),
        "attribute:cordless": st.sampled_from(["", "true", "false"]),
        "name:de": st.sampled_from(["", "Säge", "Axt"]),
        "summary:de": st.sampled_from(["", "kurz"]),
        "name:fr": st.sampled_from(["", "scie"]),
        **{name: st.sampled_from(codes) for name, codes in CLASSES.items()},
    },
)
STEPS = st.lists(
    st.dictionaries(st.sampled_from(["S-1", "S-2", "s-3"]), PATCH, min_size=1), min_size=1, max_size=4
)
COLUMNS = {
    name: name
    for name in (
        "sku", "name", "summary", "description", "brand", "manufacturer_part_number", "gtin", "category", "family", "kind",
        "base_unit", "tax_category", "weight_grams", "lead_days", "origin", "customs_code", "on_sale_from", "on_sale_until",
        "specifications", "units", "attribute:voltage", "attribute:colour", "attribute:cordless", "name:de", "summary:de",
        "name:fr", "class:unspsc", "class:etim",
    )
}  # fmt: skip
WITH_FAMILY = {"wired": ("voltage", "colour", "cordless"), "plain": ("colour",), "": ()}
Patch = dict[str, Any]


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as place:
        monkeypatch.setattr(folder, "root", lambda: Path(place) / "exchange")
        yield


@contextmanager
def undone() -> Iterator[None]:
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


@given(steps=STEPS, on_sale=st.booleans())
@settings(
    max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@pytest.mark.covers("R0.7")
def test_a_file_writes_what_the_page_writes(cast: Cast, steps, on_sale):
    hansa = cast.companies["hansa"]
    with undone():
        surroundings(hansa)
        steps = possible(steps)
        with undone():
            by_page = [written(hansa, step, by_page=True, on_sale=on_sale) for step in steps]
        with undone():
            by_file = [written(hansa, step, by_page=False, on_sale=on_sale) for step in steps]
        for step, (page, file) in enumerate(zip(by_page, by_file, strict=True)):
            assert list(differences("", page, file)) == [], f"step {step}: {steps[step]}"


def differences(place: str, page: Any, file: Any) -> Iterator[tuple[str, Any, Any]]:
    """Where it is not the same, by its place: what the page wrote, what the file wrote."""
    if isinstance(page, dict) and isinstance(file, dict):
        for name in page.keys() | file.keys():
            yield from differences(f"{place}/{name}", page.get(name), file.get(name))
    elif isinstance(page, list) and isinstance(file, list) and len(page) == len(file):
        for number, (one, other) in enumerate(zip(page, file, strict=True)):
            yield from differences(f"{place}/{number}", one, other)
    elif page != file:
        yield place, page, file


def surroundings(hansa: Company) -> None:
    """Two categories, two families, and assortments that look at brand and category."""
    categories = [Category.objects.create(name=name, slug=name, path=name) for name in ("one", "two")]
    kinds = {"voltage": "number", "colour": "choice", "cordless": "boolean"}
    attributes = {
        code: Attribute.objects.create(seller=hansa, code=code, name=code, kind=kind)
        for code, kind in kinds.items()
    }
    for code in ("red", "blue"):
        AttributeChoice.objects.create(attribute=attributes["colour"], code=code, label=code)
    for name, codes in WITH_FAMILY.items():
        if name:
            family = Family.objects.create(seller=hansa, code=name, name=name)
            for code in codes:
                FamilyAttribute.objects.create(family=family, attribute=attributes[code])
    save_assortment(actor=SYSTEM, seller=hansa, facts=AssortmentFacts(name="All", is_standard=True))
    for column, value in (("brand", "Elbwerk"), ("category", categories[0])):
        found = save_assortment(actor=SYSTEM, seller=hansa, facts=AssortmentFacts(name=column, start="none"))
        found.rules.create(allows=True, **{column: value})


def possible(steps: list[dict[str, Patch]]) -> list[dict[str, Patch]]:
    """New goods have a name, later ones keep kind and unit, and values are only what their family knows."""
    families: dict[str, str] = {}
    done = []
    for step in steps:
        rows: dict[str, Patch] = {}
        for sku, patch in step.items():
            fixed = {"kind", "base_unit"} if sku in families else set()
            row = {} if sku in families else {"name": "New"}
            row |= {name: value for name, value in patch.items() if name not in fixed}
            family = families[sku] = row.get("family", families.get(sku, ""))
            rows[sku] = {
                name: value
                for name, value in row.items()
                if not name.startswith("attribute:") or name.partition(":")[2] in WITH_FAMILY[family]
            }
        done.append(rows)
    return done


def written(hansa: Company, step: dict[str, Patch], *, by_page: bool, on_sale: bool) -> dict[str, Any]:
    """Write a step; what is there afterwards, and what was told of it."""
    changes, events = last("search_change", "seq"), last("kernel_outbox_event", "id")
    if by_page:
        for sku, patch in step.items():
            save(hansa, sku, patch)
    else:
        lines = [orjson.dumps({"sku": sku} | {name: cell(name, value) for name, value in patch.items()})
                 for sku, patch in step.items()]  # fmt: skip
        run = imported(b"\n".join(lines), hansa, name="x.jsonl", columns=COLUMNS, clears=True)
        assert (run.status, run.problem, run.errors) == ("done", "", [])
        assert Entry.objects.filter(verb="exchange.import_finished", about_id=run.pk).count() == 1
    found = {one.sku: one for one in Product.objects.filter(seller=hansa, sku__in=["S-1", "S-2", "s-3"])}
    ids = {one.pk: sku for sku, one in found.items()}
    told = {
        ids[pk]
        for event in OutboxEvent.objects.filter(id__gt=events, name__startswith="catalog.Product")
        for pk in [event.payload.get("product_id"), *event.payload.get("product_ids", ())]
        if pk in ids
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT product_id FROM search_change WHERE seq > %s", [changes])
        noted = {ids[pk] for (pk,) in cursor.fetchall() if pk in ids}
    state = {sku: facts_of(one) for sku, one in found.items()}
    if on_sale:
        Product.objects.filter(pk__in=ids).update(status="active")
    return {"state": state, "told": told, "noted": noted}


def last(table: str, column: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(max({column}), 0) FROM {table}")
        return int(cursor.fetchone()[0])


def facts_of(product: Product) -> dict[str, Any]:
    row = Product.objects.filter(pk=product.pk).values().get()
    for name in ("id", "created_at", "updated_at"):
        del row[name]
    return {
        "row": row,
        "units": list(product.sales_units.order_by("position").values_list(
            "position", "unit", "factor", "minimum", "multiple", "maximum", "package", "gtin")),
        "texts": sorted(product.texts.values_list("language", "name", "summary", "description")),
        "classes": sorted(product.classifications.values_list("system", "version", "code")),
        "versions": list(product.versions.order_by("revision").values_list("revision", "actor_name", "door", "facts")),
    }  # fmt: skip


def cell(name: str, value: Any) -> str:
    if name == "specifications":
        return "\n".join(spec_line(one["name"], one["value"], one["unit"]) for one in value)
    if name == "units":
        return " ".join(
            ["C62=1", *(f"{unit}={factor}/{least}/{times}" for unit, factor, least, times in value)]
        )
    return str(value)


def save(hansa: Company, sku: str, patch: Patch) -> None:
    """What a person does on the product's page: change some fields, leave the others as they are."""
    product = Product.objects.filter(seller=hansa, sku=sku).first()
    before = as_facts(product) if product else {"sku": sku}
    after = before | patched(before, patch)
    if product and after == before:
        return
    further: dict[str, Any] = {
        name: after[name] if after.get(name) != before.get(name) else None
        for name in ("texts", "classifications")
    }
    texts = further["texts"] and {language: TextFacts(**text) for language, text in further["texts"].items()}
    classes = further["classifications"] and [ClassFacts(system=s, version=v, code=c)
                                              for (s, v), c in further["classifications"].items()]  # fmt: skip
    facts = ProductFacts(**{**after, "texts": texts, "classifications": classes})
    save_product(actor=SYSTEM, facts=facts, product=product, seller=None if product else hansa)


def as_facts(product: Product) -> dict[str, Any]:
    names = (
        "sku", "name", "category", "family", "summary", "description", "brand", "manufacturer_part_number", "gtin", "kind",
        "base_unit", "tax_category", "weight_grams", "lead_days", "origin", "customs_code", "on_sale_from", "on_sale_until",
        "specifications", "attributes",
    )  # fmt: skip
    columns = ("unit", "factor", "minimum", "multiple", "maximum", "package", "gtin")
    return {name: getattr(product, name) for name in names} | {
        "units": [UnitFacts(**row) for row in product.sales_units.order_by("position").values(*columns)],
        "texts": {one.pop("language"): one for one in product.texts.values("language", "name", "summary", "description")},
        "classifications": {(s, v): c for s, v, c in product.classifications.values_list("system", "version", "code")},
    }  # fmt: skip


def patched(before: Mapping[str, Any], patch: Patch) -> dict[str, Any]:
    """The facts that a patch changes."""
    after: dict[str, Any] = {}
    texts = {language: dict(text) for language, text in before.get("texts", {}).items()}
    classes = dict(before.get("classifications", {}))
    values = dict(before.get("attributes", {}))
    for name, value in patch.items():
        key, _colon, rest = name.partition(":")
        if key == "attribute":
            values[rest] = value
        elif key == "class":
            system, version, code = {"ETIM-9.0 EC000599": ("etim", "9.0", "EC000599")}.get(
                value, (rest, "", value)
            )
            classes[system, version] = code
        elif rest:
            texts.setdefault(rest, {"name": "", "summary": "", "description": ""})[key] = value
        else:
            after[name] = _whole(name, value)
    family = after.get("family", before.get("family"))
    traits = effective_attributes(family.pk if family else None)
    codes = {one.code for one in traits}
    after["attributes"] = fitting_values(traits, {code: one for code, one in values.items() if code in codes})
    after["texts"] = {language: text for language, text in texts.items() if any(text.values())}
    after["classifications"] = classes
    return after


def _whole(name: str, value: Any) -> Any:
    if name == "category":
        return Category.objects.get(path=value) if value else None
    if name == "family":
        return Family.objects.get(code=value)
    if name == "weight_grams":
        return int(value) if value else None
    if name == "lead_days":
        return int(value)
    if name.startswith("on_sale"):
        return datetime.fromisoformat(value) if value else None
    if name == "origin":
        return value.upper()
    if name == "units":
        rows = [
            UnitFacts(unit=unit, factor=factor, minimum=least, multiple=times)
            for unit, factor, least, times in value
        ]
        return [UnitFacts(unit="C62"), *rows]
    return Decimal(value) if isinstance(value, float) else value
