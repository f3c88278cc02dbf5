"""How complete a product is in a channel and a language, and what is missing; without a database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kontor.catalog.models import Channel
from kontor.goods.attributes import Trait, in_language


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is not filled in: the field where it belongs, and its name for a reader."""

    field: str
    label: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """`score` is the share that is filled in, in whole percent; 100 only when nothing is missing."""

    channel: str
    language: str
    filled: int
    wanted: int
    missing: tuple[Missing, ...]

    @property
    def score(self) -> int:
        return 100 if not self.missing else min(99, 100 * self.filled // max(1, self.wanted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a product has, as far as completeness asks. `texts` are the further languages: name and description.

    `lacks_components` asks of kits only; None: it is none.
    `is_identified` says that a stranger can tell which article it is: by a GTIN, or by brand and maker's number.
    """

    has_category: bool
    has_picture: bool
    is_identified: bool
    description: str
    attributes: Mapping[str, Any]
    texts: Mapping[str, tuple[str, str]]
    lacks_components: bool | None = None


def completeness(
    product: Filled, traits: Sequence[Trait], language: str, *, is_first: bool, reader: str, channel: str
) -> Completeness:
    """What the channel asks of all goods, and the values that the family requires there, named as `reader` reads.

    All channels ask for name and description in the language; the shop for category and picture as well; feeds for
    what identifies the article besides.

    `is_first` says that the texts on the product itself are of this language. A text that falls back to another
    language is missing; a value that is the same in all languages counts in each.
    """
    name, text = ("-", product.description) if is_first else product.texts.get(language, ("", ""))
    asked: list[tuple[Missing, bool]] = []
    if channel != Channel.DATASHEET:
        asked.append((Missing("category", _("Category")), product.has_category))
        asked.append((Missing("media", _("Picture")), product.has_picture))
    if channel == Channel.FEED:
        label = _("GTIN, or brand and manufacturer’s number")
        asked.append((Missing("gtin", label), product.is_identified))
    asked += [
        (Missing("name" if is_first else f"texts/{language}/name", _("Name")), bool(name)),
        (
            Missing("description" if is_first else f"texts/{language}/description", _("Description")),
            bool(text.strip()),
        ),
    ]
    if product.lacks_components is not None:
        asked.append((Missing("components", _("Components")), not product.lacks_components))
    for trait in traits:
        if trait.is_asked_in(channel):
            value = product.attributes.get(trait.code)
            there = value is not None
            if there and trait.is_localised and isinstance(value, Mapping):
                there = bool(in_language(value, language))
            asked.append((Missing(f"attributes/{trait.code}", trait.label(reader)), there))
    missing = tuple(one for one, there in asked if not there)
    return Completeness(channel, language, len(asked) - len(missing), len(asked), missing)


def worst(found: Iterable[Completeness]) -> Completeness | None:
    """Where most is missing; the first of several."""
    return min(found, key=lambda one: one.score, default=None)
