"""A shop with assortments at random, and a naive model of who sees what: no SQL, one article at a time."""

from dataclasses import dataclass, field
from random import Random

from kontor.catalog.models import Assortment, Category, Medium, Product, ProductRelation, SalesUnit
from kontor.catalog.operations import (
    AssortmentFacts,
    Holders,
    RuleFacts,
    assign_assortment,
    change_assortment_rules,
    save_assortment,
    set_guest_mode,
)
from kontor.companies.models import CustomerGroup
from kontor.companies.operations import put_in_group
from kontor.goods.media import store_pdf
from kontor.inventory.models import StockItem
from kontor.pricing.models import Price
from tests.assembly import Cast

SHELVES = ("gadgets", "gadgets/small", "gadgets/small/tiny", "widgets")
BRANDS = ("Axon", "Brix", "")
GOODS = 8
WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron")


@dataclass
class World:
    """Goods by SKU, and all that decides who sees them."""

    cast: Cast
    goods: dict[str, Product] = field(default_factory=dict)
    papers: dict[str, str] = field(default_factory=dict)
    rules: dict[str, list[RuleFacts]] = field(default_factory=dict)
    facts: dict[str, AssortmentFacts] = field(default_factory=dict)
    holders: dict[str, set[str]] = field(default_factory=dict)
    group_of: dict[str, str] = field(default_factory=dict)
    standard: str = ""
    mode: str = "public"

    def seen_by(self, viewer: str) -> set[str]:
        """The SKUs that a viewer may see: ``acme``, ``globex``, ``hansa`` (the seller) or ``visitor``."""
        return {sku for sku, product in self.goods.items() if self._sees(viewer, product)}

    def _sees(self, viewer: str, product: Product) -> bool:
        if viewer == "hansa":
            return True
        if viewer == "visitor" and self.mode == "sign_in":
            return False
        if not self.facts:
            return True
        return any(self._holds(name, product) for name in self._assortments_of(viewer))

    def _assortments_of(self, viewer: str) -> set[str]:
        for holder in (viewer, self.group_of.get(viewer)):
            held = {name for name, holders in self.holders.items() if holder and holder in holders}
            if held:
                return held
        return {self.standard}

    def _holds(self, name: str, product: Product) -> bool:
        path = product.category.path if product.category else ""
        ranked = []
        for rule in self.rules.get(name, []):
            if rule.sku and rule.sku == product.sku:
                ranked.append((3, 0, rule.allows))
            elif rule.brand and rule.brand.lower() == product.brand.lower():
                ranked.append((2, 0, rule.allows))
            elif rule.category and f"{path}/".startswith(f"{rule.category}/"):
                ranked.append((1, rule.category.count("/"), rule.allows))
        if ranked:
            return max(ranked)[2]
        facts = self.facts[name]
        return self._holds(facts.extends.name, product) if facts.extends else facts.start == "all"


def random_world(cast: Cast, seed: int) -> World:
    """Eight articles on four shelves by two makers; in every third world the seller has no assortments."""
    random, world = Random(seed), World(cast)
    for product in cast.products.values():
        Product.objects.filter(pk=product.pk).update(status="draft")
    _fill(world, random)
    who = cast.people["store_admin"].as_actor("page")
    group = CustomerGroup.objects.create(seller=cast.companies["hansa"], name="Workshops")
    put_in_group(actor=who, accounts=[cast.accounts["globex"]], group=group)
    world.group_of["globex"] = "Workshops"
    world.mode = random.choice(["public", "prices_hidden", "sign_in"])
    set_guest_mode(actor=who, mode=world.mode)
    if seed % 3 == 0:
        return world
    made: list[Assortment] = []
    for number in range(random.randint(2, 4)):
        extends = random.choice(made) if made and random.random() < 0.5 else None
        facts = AssortmentFacts(
            name=f"A{number}", start=random.choice(["all", "none"]), extends=extends, is_standard=number == 0
        )
        made.append(save_assortment(actor=who, facts=facts))
        world.facts[facts.name] = facts
        # Of two rules about the same the last counts; the model is given each subject once.
        chosen = {(one.category, one.brand, one.sku): one for one in _rules(world, random)}
        world.rules[facts.name] = list(chosen.values())
        change_assortment_rules(actor=who, assortment=made[-1], add=world.rules[facts.name])
    world.standard = "A0"
    for one in made[1:]:
        held = {name for name in ("acme", "Workshops", "visitor") if random.random() < 0.5}
        world.holders[one.name] = held
        accounts = [cast.accounts["acme"]] if "acme" in held else []
        groups = [group] if "Workshops" in held else []
        holders = Holders(accounts=accounts, groups=groups, visitors="visitor" in held)
        assign_assortment(actor=who, assortment=one, holders=holders)
    return world


def _rules(world: World, random: Random) -> list[RuleFacts]:
    rules = []
    for _one in range(random.randint(1, 6)):
        allows = random.random() < 0.5
        match random.randint(1, 3):
            case 1:
                rules.append(RuleFacts(allows=allows, category=random.choice(SHELVES)))
            case 2:
                rules.append(RuleFacts(allows=allows, brand=random.choice(["AXON", "brix"])))
            case _:
                rules.append(RuleFacts(allows=allows, sku=random.choice(list(world.goods))))
    return rules


def _fill(world: World, random: Random) -> None:
    hansa, ham = world.cast.companies["hansa"], world.cast.warehouses["ham"]
    shelves: dict[str, Category] = {}
    for path in SHELVES:
        above, _slash, slug = path.rpartition("/")
        shelves[path] = Category.objects.create(
            parent=shelves.get(above), name=slug.title(), slug=slug, path=path
        )
    for number, word in enumerate(WORDS):
        product = Product.objects.create(
            seller=hansa, sku=f"G-{100 + number}", name=f"Gizmo {word}", slug=f"gizmo-{word}", status="active",
            category=shelves[random.choice(SHELVES)], brand=random.choice(BRANDS),
        )  # fmt: skip
        world.goods[product.sku] = product
        SalesUnit.objects.create(product=product, unit="C62")
        for name in ("public", "acme"):
            Price.objects.create(
                price_list=world.cast.price_lists[name], product=product, amount=10, min_quantity=1
            )
        StockItem.objects.create(product=product, warehouse=ham, on_hand=100)
        stored = store_pdf(f"%PDF-1.4 {number} {random.random()} %%EOF".encode())
        Medium.objects.create(
            product=product, kind="manual", title="Manual", file=stored.path, media_type="application/pdf"
        )
        world.papers[product.sku] = stored.path
    ProductRelation.objects.bulk_create(
        ProductRelation(product=one, other=other, kind="accessory")
        for one in world.goods.values()
        for other in world.goods.values()
        if one != other
    )
