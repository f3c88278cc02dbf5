"""The fields of an index entry, and how words become terms."""

from functools import cache, lru_cache

from tantivy import Filter, Schema, SchemaBuilder, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from kontor.goods.wording import folded

FORMAT = 4
"""Rises with every change of fields or of how words are cut: an index of another format is built anew."""
STEMMERS = {"en": "english", "de": "german", "fr": "french", "nl": "dutch", "it": "italian", "es": "spanish"}
LANGUAGES = ("en", "de")
"""Languages whose words an index holds; a text in another one stands with those of the first."""
MARK = "\x1f"
"""Between a brand as it is compared and as it is written."""
PRICE_STEPS = 1_000_000
"""The price is kept in whole steps, so many to one unit of money: exact, and a third of a float's room."""
POPULAR = 2**32
"""The place by popularity is the popularity so many times, and the product's id: no two are the same, and the shelves
of the database are in the same order."""
WEIGHT_STEPS = 256
"""A weight is kept in steps of a 256th: one byte."""


@lru_cache(maxsize=10_000)
def brand_term(brand: str) -> str:
    """A brand as it is indexed: found by its beginning, counted as it is written."""
    return f"{folded(brand)}{MARK}{brand}"


@cache
def analyser(language: str) -> TextAnalyzer:
    """Cuts prepared text (`wording.tokens`, joined by blanks) into the terms of a language."""
    words = TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.remove_long(60))
    return words.filter(Filter.stemmer(STEMMERS[language])).build()


@cache
def schema() -> Schema:
    """What is searched in, counted and sorted by. Nothing is stored: what is shown comes from the database."""
    fields = SchemaBuilder()
    fields.add_unsigned_field("id", indexed=True)
    for language in LANGUAGES:
        fields.add_text_field(f"title_{language}", tokenizer_name=language, index_option="freq")
        fields.add_text_field(f"all_{language}", tokenizer_name=language)
        fields.add_text_field(f"head_{language}", tokenizer_name=language, index_option="basic")
    fields.add_text_field("maker", tokenizer_name="whitespace", index_option="freq")
    fields.add_text_field("code", tokenizer_name="raw", index_option="basic")
    fields.add_text_field("brand", tokenizer_name="raw", index_option="basic", fast=True)
    fields.add_text_field("shelf", tokenizer_name="raw", index_option="basic")
    fields.add_text_field("category", tokenizer_name="raw", index_option="basic", fast=True)
    fields.add_unsigned_field("name_key", fast=True)
    fields.add_unsigned_field("seller", indexed=True)
    fields.add_unsigned_field("family", fast=True)
    fields.add_integer_field("assortment", indexed=True)  # a seller's own mark is negative
    fields.add_unsigned_field("stocked", indexed=True, fast=True)
    fields.add_unsigned_field("popular", fast=True)
    fields.add_unsigned_field("listed", fast=True)
    fields.add_unsigned_field("price", fast=True)
    fields.add_float_field("weight", fast=True)
    fields.add_json_field("a", fast=True, tokenizer_name="raw", index_option="basic")
    return fields.build()
