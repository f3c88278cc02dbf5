"""Options of configurable products, and configurations of them."""

import re
from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.events import ProductChanged
from kontor.catalog.models import Configuration, Product, ProductOptions
from kontor.catalog.ownership import require_own
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries.options import options_of
from kontor.catalog.snapshots import keep_versions
from kontor.goods.option_texts import choices_text, kept_choices, problem_text
from kontor.goods.options import (
    CODE,
    Choice,
    Options,
    Rule,
    Tangled,
    code_of,
    completion,
    longest_code,
    never,
    problems_of,
    unsatisfiable,
    written,
)
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused, Stale

GROUP_CODE = re.compile(r"[a-z0-9_-]{1,40}")
MOST_GROUPS, MOST_CHOICES, MOST_RULES = 40, 200, 500
LONGEST_CODE, LONGEST_TEXT, LONGEST_NAME = 80, 700, 120
LARGEST_AMOUNT, LARGEST_PERCENT = Decimal(10) ** 9, Decimal(1000)
MOST_GRAMS, MOST_DAYS = 100_000_000, 365


@transaction.atomic
def save_options(*, actor: Actor, product: Product, options: Options, revision: int | None = None) -> Product:
    """State all options of a configurable product. Keeps a version and publishes ProductChanged.

    Raises Refused("incomplete") with a sentence at ``groups/<n>/<field>``, ``groups/<n>/choices/<n>/<field>`` and
    ``rules/<n>/<field>``; "contradictory" names choices that could never be chosen and groups that could never be
    satisfied; Stale when a colleague was faster. A code that stood for a choice never stands for another one.
    """
    require(actor, EDIT_CATALOG)
    product = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    require_own(actor, product.seller_id)
    options = _tidy(options)
    if revision is not None and revision != product.revision:
        raise Stale("stale", _("A colleague changed this product meanwhile. Compare, then save again."))
    if product.kind != Product.Kind.CONFIGURABLE:
        raise Refused("not_configurable", _("Only a product of the kind “Configurable” has options."))
    problems = _malformed(options) | _taken_codes(product, options)
    if problems:
        raise Refused("incomplete", _("The options were not saved. Correct the marked fields."), problems)
    _refuse_contradictions(options)
    before = ProductOptions.objects.filter(product=product).values_list("document", flat=True).first()
    if before == written(options):
        return product
    ProductOptions.objects.update_or_create(product=product, defaults={"document": written(options)})
    product.revision += 1
    product.updated_at = clock.now()
    product.save(update_fields=["revision", "updated_at"])
    counts = {"groups": len(options.groups), "choices": len(options.choices), "rules": len(options.rules)}
    record(actor, "catalog.options_saved", ("product", product.pk), changes=counts)
    keep_versions(actor, [product.pk])
    publish(ProductChanged(product.pk))
    return product


def keep_configuration(*, product_id: int, chosen: Collection[str]) -> Configuration:
    """The configuration of these choices, kept under its code; made when nobody chose so before.

    Raises Refused("not_configured") at ``configuration`` when they are none.
    """
    (kept,) = keep_configurations([(product_id, tuple(chosen))]).values()
    return kept


def keep_configurations(
    asked: Collection[tuple[int, tuple[str, ...]]],
) -> dict[tuple[int, str], Configuration]:
    """As `keep_configuration`, many at once, by product and code. Three statements, none for none."""
    if not asked:
        return {}
    options = options_of({product for product, _chosen in asked})
    rows = [_row(product, options.get(product, Options()), chosen) for product, chosen in sorted(asked)]
    Configuration.objects.bulk_create(rows, ignore_conflicts=True)
    wanted = {(one.product_id, one.code) for one in rows}
    products, codes = ({one[n] for one in wanted} for n in (0, 1))
    kept = Configuration.objects.filter(product_id__in=products, code__in=codes)
    return {key: one for one in kept if (key := (one.product_id, one.code)) in wanted}


def _row(product_id: int, options: Options, chosen: Collection[str]) -> Configuration:
    problems = problems_of(options, chosen)
    if problems or not options.groups:
        told = (problem_text(options, one, get_language() or "") for one in problems)
        message = " ".join(told) or _("This product has no options.")
        raise Refused("not_configured", message, {"configuration": message})
    choices, taken = kept_choices(options, chosen), options.in_order(chosen)
    return Configuration(
        product_id=product_id,
        code=code_of(chosen),
        parts=sorted(set(chosen)),
        choices=choices,
        text=choices_text(choices)[:LONGEST_TEXT],
        weight_grams=sum(one.weight_grams for one in taken),
        lead_days=min(sum(one.lead_days for one in taken), 10 * MOST_DAYS),
    )


def _malformed(options: Options) -> dict[str, str]:
    """A sentence at every field that is wrong by itself."""
    problems: dict[str, str] = {}
    groups: set[str] = set()
    codes: set[str] = set()
    if len(options.groups) > MOST_GROUPS or sum(len(one.choices) for one in options.groups) > MOST_CHOICES:
        problems["groups"] = _("At most %(groups)s groups and %(choices)s choices.") % {
            "groups": MOST_GROUPS,
            "choices": MOST_CHOICES,
        }
    for number, group in enumerate(options.groups):
        at = f"groups/{number}/"
        if not GROUP_CODE.fullmatch(group.code) or group.code in groups:
            problems[at + "code"] = _("Enter a code of small letters and digits that no other group has.")
        groups.add(group.code)
        if not _is_name(group.name):
            problems[at + "name"] = _("Enter a name of at most %(most)s characters.") % {"most": LONGEST_NAME}
        if not group.choices:
            problems[at + "name"] = _("Add at least one choice.")
        elif not 0 <= group.least <= group.most or not 1 <= group.most <= len(group.choices):
            problems[at + "most"] = _("Enter how many are chosen: from 0 up to the number of choices.")
        for index, choice in enumerate(group.choices):
            wrong = _wrong_choice(choice, codes)
            problems |= {f"{at}choices/{index}/{name}": message for name, message in wrong.items()}
            codes.add(choice.code)
    return problems | _wrong_rules(options.rules, codes) | _too_long(options, codes)


def _wrong_choice(choice: Choice, before: set[str]) -> dict[str, str]:
    problems = {}
    if not CODE.fullmatch(choice.code) or choice.code in before:
        problems["code"] = _("Enter 1 to 8 capital letters and digits that no other choice has.")
    if not _is_name(choice.name):
        problems["name"] = _("Enter a name of at most %(most)s characters.") % {"most": LONGEST_NAME}
    for name, value, most in (
        ("amount", choice.amount, LARGEST_AMOUNT),
        ("percent", choice.percent, LARGEST_PERCENT),
    ):
        if not value.is_finite() or abs(value) >= most or value != round(value, 6):
            problems[name] = _("Enter a number with at most six decimals.")
    if choice.amount and not re.fullmatch("[A-Z]{3}", choice.currency):
        problems["currency"] = _("Choose a currency.")
    if choice.amount and choice.percent:
        problems["percent"] = _("Enter either an amount or a percentage.")
    if abs(choice.weight_grams) > MOST_GRAMS:
        problems["weight_grams"] = _("Enter the weight in grams.")
    if not 0 <= choice.lead_days <= MOST_DAYS:
        problems["lead_days"] = _("Enter working days, 0 to %(most)s.") % {"most": MOST_DAYS}
    return problems


def _is_name(name: str) -> bool:
    return 0 < len(name.strip()) <= LONGEST_NAME


def _wrong_rules(rules: tuple[Rule, ...], codes: set[str]) -> dict[str, str]:
    problems = {}
    for number, rule in enumerate(rules[: MOST_RULES + 1]):
        at = f"rules/{number}/"
        if number == MOST_RULES:
            problems["rules"] = _("At most %(most)s rules.") % {"most": MOST_RULES}
        if rule.kind not in ("requires", "excludes"):
            problems[at + "kind"] = _("Choose “needs” or “does not go with”.")
        for name, code in (("choice", rule.choice), ("other", rule.other)):
            if code not in codes:
                problems[at + name] = _("There is no choice “%(code)s”.") % {"code": code[:20]}
        if rule.choice == rule.other:
            problems[at + "other"] = _("A rule is about two choices.")
    return problems


def _too_long(options: Options, codes: set[str]) -> dict[str, str]:
    if codes and longest_code(options) > LONGEST_CODE:
        return {"groups": _("The codes become too long together. Shorten those of the choices.")}
    return {}


def _taken_codes(product: Product, options: Options) -> dict[str, str]:
    """Codes that stood for a choice of another group when somebody ordered it."""
    meant: dict[str, tuple[str, str]] = {}
    for choices in Configuration.objects.filter(product=product).values_list("choices", flat=True):
        meant |= {one["code"]: (one["group"], one["name"]) for one in choices}
    return {
        f"groups/{number}/choices/{index}/code": _("Orders know “%(code)s” as “%(name)s”. Take another code.")
        % {"code": choice.code, "name": meant[choice.code][1]}
        for number, group in enumerate(options.groups)
        for index, choice in enumerate(group.choices)
        if choice.code in meant and meant[choice.code][0] != group.code
    }


def _refuse_contradictions(options: Options) -> None:
    try:
        groups = unsatisfiable(options)
        choices = [] if groups else [options.choices[code] for code in never(options)]
        preset = completion(options, options.defaults())
    except Tangled:
        raise Refused("too_tangled", _("These rules are too tangled. Write fewer of them.")) from None
    if groups:
        names = ", ".join(one.name for one in groups)
        message = _("The rules contradict each other. Nothing could ever be chosen of: %(groups)s.") % {
            "groups": names
        }
    elif choices:
        names = ", ".join(one.name for one in choices)
        message = _("The rules contradict each other. These could never be chosen: %(choices)s.") % {
            "choices": names
        }
    elif preset is None:
        message = _("What is chosen at first does not go together. Change it or the rules.")
    else:
        return
    raise Refused("contradictory", message, {"rules": message})


def _tidy(options: Options) -> Options:
    """Options as they are kept: names trimmed, codes in capitals."""
    return replace(
        options,
        groups=tuple(
            replace(
                group,
                name=group.name.strip(),
                choices=tuple(
                    replace(one, code=one.code.strip().upper(), name=one.name.strip())
                    for one in group.choices
                ),
            )
            for group in options.groups
        ),
    )
