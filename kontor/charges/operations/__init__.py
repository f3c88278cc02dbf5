"""Everything that changes what sellers charge beside their goods."""

from kontor.charges.operations.define import RuleFacts, delete_rule, save_rule
from kontor.charges.operations.indices import (
    IndexFacts,
    delete_index,
    save_index,
    set_contents,
    set_index_values,
)
from kontor.charges.operations.tariffs import StepFacts, TariffFacts, delete_tariff, save_tariff

__all__ = [
    "IndexFacts",
    "RuleFacts",
    "StepFacts",
    "TariffFacts",
    "delete_index",
    "delete_rule",
    "delete_tariff",
    "save_index",
    "save_rule",
    "save_tariff",
    "set_contents",
    "set_index_values",
]
