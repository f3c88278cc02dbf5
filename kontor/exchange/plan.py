"""What a person decided about a file: what each column means, and what to do with its rows."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from django.utils.translation import gettext as _

from kontor.exchange.fields import Signs, split_target
from kontor.exchange.subjects import GOODS, SUBJECTS, Subject
from kontor.kernel.refusal import Refused
from kontor.tables.names import folded

IGNORED = "ignore"
OTHERS = ("", "attributes", "specifications")
_PREFIXES = ("attr_t_", "attr_n_", "attr_b_", "attribute:", "attribute ", "merkmal ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`columns` maps a column to what it means, `constants` what all rows have. Nothing else is imported.

    `subject` is the key of one of SUBJECTS, which says what there is to mean.

    `clears`: an empty cell empties the field; otherwise it leaves it alone. `takes_good_rows`: wrong rows stay behind;
    otherwise one wrong row keeps the whole file out. `makes_*`: what is named and not there yet is added. `others` says
    what columns without a meaning become: "attributes", "specifications", or "" for nothing. `shortens`: a text that is
    too long is cut and told, not refused.
    """

    subject: str = GOODS
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    decimal: str = "."
    sheet: str = ""
    header: int = 0
    clears: bool = False
    takes_good_rows: bool = False
    makes_categories: bool = False
    makes_attributes: bool = False
    others: str = ""
    shortens: bool = False
    price_list: str = ""
    warehouse: str = ""

    @property
    def about(self) -> Subject:
        return SUBJECTS.get(self.subject, SUBJECTS[GOODS])

    @property
    def signs(self) -> Signs:
        return Signs(self.decimal)

    @property
    def targets(self) -> frozenset[str]:
        return frozenset(self.columns.values()) | frozenset(self.constants)

    @property
    def groups(self) -> frozenset[str]:
        """Which parts of the data it changes: product, price, stock, picture; or the one that another subject has."""
        keys = {split_target(target)[0] for target in self.targets} - {"sku", IGNORED}
        known = self.about.fields
        return frozenset(known[key].group for key in keys if key in known) | (
            {"product"} if self.others else set()
        )

    def column_of(self, target: str) -> str:
        """The column that has this meaning, for reports; "" for none."""
        return next((column for column, meaning in self.columns.items() if meaning == target), "")

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def plan_from(kept: Mapping[str, Any]) -> Plan:
    """A plan that was kept as JSON; what this version does not know is left out."""
    known = {one.name for one in fields(Plan)}
    return Plan(**{name: value for name, value in kept.items() if name in known})


def check_plan(plan: Plan) -> None:
    """Raises Refused("incomplete") with a sentence at ``columns/<name>`` or a field when it cannot be carried out."""
    seen: dict[str, str] = {}
    problems: dict[str, str] = {}
    for column, target in plan.columns.items():
        if target == IGNORED:
            continue
        if wrong := _target_problem(plan.about, target, seen):
            problems[f"columns/{column}"] = wrong
        seen[target] = column
    for target in plan.constants:
        if split_target(target)[0] not in plan.about.fields:
            problems[f"constants/{target}"] = _("Choose what this is.")
    problems |= _whole_problems(plan, seen)
    if problems:
        raise Refused(
            "incomplete", _("The file cannot be read like this. Correct the marked fields."), problems
        )


def _target_problem(subject: Subject, target: str, seen: Mapping[str, str]) -> str:
    key, rest = split_target(target)
    known = subject.fields.get(key)
    if known is None or (rest and not known.takes):
        return _("Choose what this column means.")
    if key in ("attribute", "specification", "class") and not rest:
        return _("Say which one this column is.")
    if key == "price" and rest and not re.fullmatch(r"(?!0+(\.0+)?$)\d{1,9}(\.\d{1,3})?", rest):
        return _("Say from which quantity this price counts.")
    return _("“%(column)s” means this already.") % {"column": seen[target]} if target in seen else ""


def _whole_problems(plan: Plan, seen: Mapping[str, str]) -> dict[str, str]:
    problems = {}
    lacking = [some for some in plan.about.needs if not seen.keys() & set(some)]
    if lacking == [("sku",)]:
        problems["columns"] = _("Say which column holds the SKU: rows are told apart by it.")
    elif lacking:
        names = (str(plan.about.fields[one].label) for one in lacking[0])
        problems["columns"] = _("Say which column holds this: %(what)s.") % {"what": " / ".join(names)}
    elif not plan.groups:
        problems["columns"] = _("Say what at least one more column means.")
    if plan.decimal not in (".", ","):
        problems["decimal"] = _("The decimal sign is a point or a comma.")
    is_for_one_list = "price" in plan.groups or ("prices" in plan.groups and "price_list" not in seen)
    if is_for_one_list and not plan.price_list:
        problems["price_list"] = _("Choose the price list for the prices.")
    if "stock" in plan.groups and not plan.warehouse:
        problems["warehouse"] = _("Choose the warehouse for the stock.")
    return problems


def expanded(plan: Plan, columns: Iterable[str]) -> Plan:
    """The plan with a meaning for the columns that only `others` speaks of."""
    columns = list(columns)
    if not plan.others:
        return plan
    meanings = dict(plan.columns)
    taken = set(meanings.values())
    for column in columns:
        if column in meanings:
            continue
        if plan.others == "specifications":
            meanings[column] = f"specification:{column[:80]}"
        else:
            target = f"attribute:{attribute_code(column)}"
            meanings[column] = target if target not in taken else f"attribute:{folded(column)[:80]}"
            taken.add(meanings[column])
    return replace(plan, columns=meanings, others="")


def attribute_code(column: str) -> str:
    """The code of the attribute that a column is made into: ``attr_t_display_type`` -> ``display_type``."""
    lower = column.casefold()
    prefix = next((one for one in _PREFIXES if lower.startswith(one)), "")
    return folded(column[len(prefix) :])[:80].strip("_") or folded(column)[:80]


def header_digest(columns: Iterable[str]) -> str:
    """A digest of column names, whatever their order: files of one source have the same."""
    text = "\n".join(sorted({" ".join(column.casefold().split()) for column in columns}))
    return hashlib.sha256(text.encode()).hexdigest()
