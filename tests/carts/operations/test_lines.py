from decimal import Decimal

import pytest

from kontor.audit.models import Entry
from kontor.carts.models import CartLine
from kontor.carts.operations import (
    LineChange,
    add_to_cart,
    change_line,
    change_lines,
    clear_cart,
    remove_line,
    restore_cart,
    restore_line,
    submit_cart,
)
from kontor.kernel.refusal import NotAllowed, Refused, Stale


def add(member, cart, product, quantity, unit="C62", note=""):
    return add_to_cart(
        actor=member.as_actor("page"),
        cart=cart,
        product_id=product.pk,
        quantity=quantity,
        unit=unit,
        note=note,
    )


@pytest.mark.covers("R0.40")
def test_two_colleagues_add_the_same_article_and_both_count(cart, ana, ben, bolt):
    add(ana, cart, bolt, "200", note="for plant 2")
    line = add(ben, cart, bolt, Decimal(100), note="urgent")

    assert CartLine.objects.count() == 1
    assert (line.quantity, line.note, line.revision) == (Decimal(300), "for plant 2\nurgent", 2)
    assert (line.added_by_name, line.changed_by_name) == ("Ana Brandt", "Ben Okafor")


def test_pieces_and_boxes_are_two_lines_and_never_converted(cart, ana, bolt):
    add(ana, cart, bolt, 200)
    add(ana, cart, bolt, 2, unit="XBX")

    assert [(line.unit, line.quantity) for line in cart.lines.all()] == [("C62", 200), ("XBX", 2)]


ABSURD = {
    "-1": "not_positive", "0": "not_positive", "0.0001": "too_precise", "1000000000": "too_large",
    "1e400": "not_a_number", "NaN": "not_a_number", "Infinity": "not_a_number", "1e3": "not_a_number",
    "٣": "not_a_number", str(2**63): "too_large", "": "quantity_missing", "1,000": "ambiguous_number",
}  # fmt: skip


@pytest.mark.parametrize(("typed", "code"), ABSURD.items())
def test_an_absurd_quantity_is_refused_at_its_field_and_leaves_no_trace(cart, ana, bolt, typed, code):
    with pytest.raises(Refused) as refusal:
        add(ana, cart, bolt, typed)

    assert refusal.value.code == code
    assert list(refusal.value.fields) == ["quantity"]
    cart.refresh_from_db()
    assert (cart.lines.count(), cart.revision, Entry.objects.count()) == (0, 1, 0)


def test_a_quantity_off_the_steps_is_refused_with_the_nearest_one(cart, ana, bolt):
    bolt.sales_units.filter(unit="C62").update(minimum=48, multiple=24)

    with pytest.raises(Refused) as refusal:
        add(ana, cart, bolt, "50")

    assert refusal.value.code == "not_a_multiple"
    assert "72 pieces" in refusal.value.fields["quantity"]
    assert not cart.lines.exists()


def test_below_the_minimum_counts_with_what_is_in_the_cart_already(cart, ana, bolt):
    bolt.sales_units.filter(unit="C62").update(minimum=48, multiple=24)
    add(ana, cart, bolt, 48)

    assert add(ana, cart, bolt, 24).quantity == 72


def test_half_a_piece_is_refused(cart, ana, bolt):
    with pytest.raises(Refused) as refusal:
        add(ana, cart, bolt, "2,5")

    assert refusal.value.code == "no_fractions"


def test_the_sum_of_a_line_stays_storable(cart, ana, bolt):
    add(ana, cart, bolt, 999_999_999)

    with pytest.raises(Refused) as refusal:
        add(ana, cart, bolt, 1)

    assert refusal.value.code == "too_large"
    assert cart.lines.get().quantity == 999_999_999


def test_a_unit_that_is_not_sold_names_those_that_are(cart, ana, bolt):
    with pytest.raises(Refused) as refusal:
        add(ana, cart, bolt, 1, unit="XPX\x00")

    assert refusal.value.code == "wrong_unit"
    assert refusal.value.fields["unit"].endswith("It is sold by: piece, box.")


@pytest.mark.parametrize("product_id", [0, -1, 2**31, 2**63, 2**80])
def test_an_article_that_does_not_exist_is_refused(cart, ana, product_id):
    with pytest.raises(Refused) as refusal:
        add_to_cart(actor=ana.as_actor("page"), cart=cart, product_id=product_id, quantity=1, unit="C62")

    assert refusal.value.code == "not_available"


def test_another_sellers_article_does_not_fit_into_the_cart(cart, ana, lamp):
    with pytest.raises(Refused) as refusal:
        add(ana, cart, lamp, 1)

    assert refusal.value.code == "not_available"


def test_a_viewer_a_rival_and_a_rep_who_is_not_acting_may_not_fill_it(cart, cy, gil, sal, bolt):
    for member in (cy, gil, sal):
        with pytest.raises(NotAllowed):
            add(member, cart, bolt, 1)
    assert not cart.lines.exists()


def test_a_rep_fills_the_cart_of_a_customer(cart, sal, acme, bolt):
    actor = sal.as_actor("page").behalf_of(acme.pk, str(acme))

    line = add_to_cart(actor=actor, cart=cart, product_id=bolt.pk, quantity=100, unit="C62")

    assert line.added_by_name == "Sal Petersen"
    assert Entry.objects.get(verb="carts.line_added").acting_for_id == acme.pk


def test_a_submitted_cart_takes_no_lines(cart, ana, bolt):
    submit_cart(cart=cart, status=cart.Status.ORDERED)

    with pytest.raises(Refused) as refusal:
        add(ana, cart, bolt, 1)

    assert refusal.value.code == "cart_closed"
    assert "has been ordered" in refusal.value.message


def test_an_edit_of_a_line_that_a_colleague_changed_tells_name_and_value(cart, ana, ben, bolt):
    line = add(ana, cart, bolt, 200)
    change_line(actor=ben.as_actor("page"), line=line, quantity="300", revision=1)

    with pytest.raises(Stale) as refusal:
        change_line(actor=ana.as_actor("page"), line=line, quantity="250", revision=1)

    assert refusal.value.fields["quantity"].startswith(
        "Ben Okafor changed this line to 300 pieces meanwhile."
    )
    assert cart.lines.get().quantity == 300


def test_both_wishing_the_same_is_no_conflict(cart, ana, ben, bolt):
    line = add(ana, cart, bolt, 200)
    change_line(actor=ben.as_actor("page"), line=line, quantity="300", revision=1)

    assert change_line(actor=ana.as_actor("page"), line=line, quantity="300", revision=1).revision == 2


def test_changes_of_several_lines_are_saved_together_or_not_at_all(cart, ana, bolt, drill):
    first, second = add(ana, cart, bolt, 200), add(ana, cart, drill, 1)
    changes = [
        LineChange(line_id=first.pk, revision=1, quantity="100"),
        LineChange(line_id=second.pk, revision=1, quantity="-1", note="x" * 501),
        LineChange(line_id=2**63, revision=1, quantity="1"),
    ]

    with pytest.raises(Refused) as refusal:
        change_lines(actor=ana.as_actor("page"), cart=cart, changes=changes)

    assert set(refusal.value.fields) == {f"lines/{second.pk}/quantity", f"lines/{2**63}/quantity"}
    assert [line.quantity for line in cart.lines.all()] == [200, 1]


def test_a_note_that_is_too_long_is_refused_at_its_field(cart, ana, drill):
    line = add(ana, cart, drill, 1)

    with pytest.raises(Refused) as refusal:
        change_line(actor=ana.as_actor("page"), line=line, note="x" * 501, revision=1)

    assert (refusal.value.code, list(refusal.value.fields)) == ("text_too_long", ["note"])


def test_a_removed_line_comes_back_to_its_place(cart, ana, bolt, drill, assembly):
    for product in (bolt, drill, assembly):
        add(ana, cart, product, 1, unit=product.base_unit, note=product.sku)
    middle = cart.lines.get(product=drill)

    removed = remove_line(actor=ana.as_actor("page"), line=middle, revision=1)
    assert [line.product_id for line in cart.lines.all()] == [bolt.pk, assembly.pk]
    restore_line(actor=ana.as_actor("page"), cart=cart, removed=removed)

    lines = list(cart.lines.all())
    assert [line.product_id for line in lines] == [bolt.pk, drill.pk, assembly.pk]
    assert (lines[1].quantity, lines[1].note) == (1, "DRILL-18V")


def test_what_was_added_again_meanwhile_adds_up_when_a_removal_is_undone(cart, ana, ben, drill):
    line = add(ana, cart, drill, 2)
    removed = remove_line(actor=ana.as_actor("page"), line=line, revision=1)
    add(ben, cart, drill, 3)

    assert restore_line(actor=ana.as_actor("page"), cart=cart, removed=removed).quantity == 5


def test_a_line_that_a_colleague_changed_is_not_removed_unseen(cart, ana, ben, drill):
    line = add(ana, cart, drill, 2)
    change_line(actor=ben.as_actor("page"), line=line, quantity=5, revision=1)

    with pytest.raises(Stale):
        remove_line(actor=ana.as_actor("page"), line=line, revision=1)
    assert cart.lines.get().quantity == 5


def test_an_emptied_cart_comes_back_beside_what_was_added_meanwhile(cart, ana, ben, bolt, drill):
    add(ana, cart, bolt, 200)
    add(ana, cart, drill, 2, note="blue")
    cleared = clear_cart(actor=ana.as_actor("page"), cart=cart)
    assert not cart.lines.exists()
    add(ben, cart, drill, 1)

    restore_cart(actor=ana.as_actor("page"), cart=cart, cleared=cleared)

    assert {line.product_id: line.quantity for line in cart.lines.all()} == {bolt.pk: 200, drill.pk: 3}
    with pytest.raises(Refused) as refusal:
        restore_cart(actor=ana.as_actor("page"), cart=cart, cleared=cleared)
    assert refusal.value.code == "nothing_to_restore"
