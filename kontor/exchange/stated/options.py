from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.catalog.models import Product
from kontor.catalog.operations import save_options
from kontor.catalog.queries import options_of
from kontor.exchange.drafts import Draft
from kontor.exchange.plan import Plan
from kontor.exchange.stated.blocks import Block, Came, differences, given, tell
from kontor.goods.options import Choice, Group, Options, Rule
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused

OF_GROUP = {"group_name": "name", "least": "least", "most": "most"}
OF_CHOICE = {"choice_name": "name"} | {
    name: name for name in ("amount", "currency", "percent", "weight_grams", "lead_days", "is_default")
}
RULES = ("requires", "excludes")
Stateable = TypeVar("Stateable", Group, Choice)


class Statements:
    """What files state about the options of configurable products."""

    def __init__(self, actor: Actor, seller_id: int, plan: Plan) -> None:
        self._actor, self._seller_id, self._plan = actor, seller_id, plan
        self._products: dict[str, Product] = {}
        self._kept: dict[int, Options] = {}

    def key_of(self, draft: Draft) -> str | None:
        """The article of a row."""
        return draft.sku or None

    def look_up(self, blocks: Sequence[Block]) -> None:
        """Read the articles that these blocks name, with their options. Two statements."""
        own = Product.objects.filter(seller_id=self._seller_id, sku__in=[block.key for block in blocks])
        self._products = {one.sku: one for one in own}
        self._kept = options_of([one.pk for one in self._products.values()])

    def state(self, block: Block) -> Came | None:
        """Save what the rows say, when it is something else; None when the rows are wrong."""
        product = self._products.get(block.key)
        if product is None:
            tell(self._plan, block.drafts[0], "sku", _("You have no article %(sku)s.") % {"sku": block.key})
            return None
        kept = self._kept.get(product.pk, Options())
        stated = _Stated(self._plan, kept, block.drafts)
        if block.is_wrong:
            return None
        if stated.options == kept:
            return Came()
        try:
            with transaction.atomic():
                save_options(actor=self._actor, product=product, options=stated.options)
        except Refused as refusal:
            for at, sentence in refusal.fields.items() or [("", refusal.message)]:
                tell(self._plan, *stated.place_of(at), sentence)
            return None
        return differences(_by_choice(kept), _by_choice(stated.options))


@dataclass(init=False, slots=True)
class _Stated:
    """The options that the rows of an article state. What a row does not give stays as it is kept."""

    options: Options
    rows: list[list[Draft]]
    """By group, in the order of its choices."""

    def __init__(self, plan: Plan, kept: Options, drafts: Sequence[Draft]) -> None:
        by_group: dict[str, list[Draft]] = {}
        for draft in drafts:
            for needed in ("group", "choice"):
                if needed not in draft.facts:
                    tell(plan, draft, needed, _("The row needs this."))
            by_group.setdefault(draft.facts.get("group", ""), []).append(draft)
        before = {one.code: one for one in kept.groups}
        groups = tuple(
            _group(plan, before.get(code, Group(code=code, name="")), rows, kept)
            for code, rows in by_group.items()
        )
        rules = tuple(rule for draft in drafts for rule in _rules(draft, kept))
        same = set(rules) == set(kept.rules)
        self.options = Options(groups=groups, rules=kept.rules if same else tuple(dict.fromkeys(rules)))
        self.rows = list(by_group.values())

    def place_of(self, at: str) -> tuple[Draft, str]:
        """The row and the meaning of the column to which a field of `save_options` belongs."""
        match at.split("/"):
            case ["groups", group, "choices", choice, name]:
                target = {"code": "choice", "name": "choice_name"}.get(name, name)
                return self.rows[int(group)][int(choice)], target
            case ["groups", group, name]:
                return self.rows[int(group)][0], {"code": "group", "name": "group_name"}.get(name, name)
            case ["rules", number, _name]:
                rule = self.options.rules[int(number)]
                for draft in (draft for rows in self.rows for draft in rows):
                    if draft.facts["choice"] == rule.choice:
                        return draft, rule.kind
        return self.rows[0][0], ""


def _group(plan: Plan, before: Group, rows: Sequence[Draft], kept: Options) -> Group:
    told: dict[str, Any] = {}
    for draft in rows:
        for target, value in given(draft).items():
            if target.partition(":")[0] in OF_GROUP and told.setdefault(target, value) != value:
                tell(plan, draft, target, _("Another row says something else about the group."))
    choices = tuple(
        _changed(kept.choices.get(code, Choice(code=code, name="")), given(draft), OF_CHOICE, "choice_name")
        for draft in rows
        if (code := draft.facts.get("choice"))
    )
    return replace(_changed(before, told, OF_GROUP, "group_name"), choices=choices)


def _changed(before: Stateable, told: Mapping[str, Any], names: Mapping[str, str], named: str) -> Stateable:
    """A group or choice with what rows tell of it; an empty text of a language goes."""
    facts = {name: told[target] for target, name in names.items() if target in told}
    further = {
        target.partition(":")[2]: text for target, text in told.items() if target.startswith(f"{named}:")
    }
    texts = {language: text for language, text in {**before.names, **further}.items() if text}
    return replace(before, names=texts, **facts)


def _rules(draft: Draft, kept: Options) -> list[Rule]:
    """The rules of a row's choice; those of a kind that the row does not give stay."""
    choice = draft.facts.get("choice", "")
    found = []
    for kind in RULES:
        if kind in draft.facts:
            found += [Rule(choice, kind, other) for other in draft.facts[kind]]
        else:
            found += [rule for rule in kept.rules if (rule.choice, rule.kind) == (choice, kind)]
    return found


def _by_choice(options: Options) -> dict[str, Any]:
    """What is said about each choice, its group and its rules included."""
    return {
        choice.code: (
            choice,
            replace(group, choices=()),
            {one for one in options.rules if one.choice == choice.code},
        )
        for group in options.groups
        for choice in group.choices
    }
