"""Tables point down the same floors as imports do, and the project keeps its own house rules."""

from django.apps import apps

from tools.house.__main__ import ROOT, findings
from tools.house.floors import level
from tools.house.source import House


def test_every_relation_between_our_tables_points_down():
    upward = []
    for model in apps.get_models():
        if not model.__module__.startswith("kontor."):
            continue
        here = model.__module__.split(".")[1]
        for field in (*model._meta.fields, *model._meta.many_to_many):
            if not field.is_relation:
                continue
            other = field.related_model
            if not other.__module__.startswith("kontor."):
                continue
            there = other.__module__.split(".")[1]
            if there != here and level(there) >= level(here):
                upward.append(f"{model.__name__}.{field.name}: {here} -> {there}")
    assert upward == []


def test_no_table_is_reached_from_below():
    """Django makes a way back for each foreign key; across apps it is closed, or lower apps could climb it."""
    open_ways = []
    for model in apps.get_models():
        for relation in model._meta.related_objects:
            ours = relation.related_model.__module__.split(".")[1]
            here = model.__module__.split(".")[1]
            both = model.__module__.startswith("kontor.") and relation.related_model.__module__.startswith(
                "kontor."
            )
            if both and ours != here and not relation.hidden:
                open_ways.append(f"{model.__name__}.{relation.get_accessor_name()}")
    assert open_ways == []


def test_the_house_rules_are_kept():
    assert [str(one) for one in findings(House.read(ROOT))] == []
