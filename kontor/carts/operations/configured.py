"""Which configurations many lines name, read and kept at once."""

from collections.abc import Iterable

from kontor.carts.messages import line_problem
from kontor.carts.operations.writing import Goods
from kontor.carts.rules import LineProblem, PastedLine
from kontor.catalog.models import Configuration
from kontor.catalog.operations import keep_configurations
from kontor.catalog.queries import judged
from kontor.goods.options import MARK, code_of


class Chosen:
    """What lines say of configurable articles after the mark in their SKU. Five statements, or none."""

    def __init__(self, lines: Iterable[tuple[Goods, PastedLine]]) -> None:
        self.asked = {
            (goods.product_id, _code(line)) for goods, line in lines if goods.is_configurable and _code(line)
        }
        self.stands = judged(sorted(self.asked))
        good = {key: one for key, one in self.stands.items() if not one.problem}
        self.kept = keep_configurations({(product, one.parts) for (product, _code), one in good.items()})

    def problem(self, goods: Goods, line: PastedLine) -> str:
        """Why the line names nothing that can be ordered, or ""."""
        if not goods.is_configurable:
            return ""
        stands = self.stands.get((goods.product_id, _code(line)))
        return stands.problem if stands else line_problem(LineProblem.NOT_CONFIGURED)

    def configuration(self, goods: Goods, line: PastedLine) -> Configuration | None:
        """The configuration of a line without a problem; None of an article that has no options."""
        stands = self.stands.get((goods.product_id, _code(line)))
        return self.kept[goods.product_id, code_of(stands.parts)] if stands else None


def _code(line: PastedLine) -> str:
    return line.sku.rpartition(MARK)[2].strip() if MARK in line.sku else ""
