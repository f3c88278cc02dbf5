"""Many articles at once: choose them in the list, change one field of all, look at it first, undo."""

from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kontor.backoffice.families import family_options
from kontor.backoffice.products import MOST_AT_ONCE, category_options
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Attribute, Category, Family, Product
from kontor.catalog.operations.together import Change, Planned, change_together, plan_together, undo_together
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries import products_of_seller, trait_of
from kontor.goods.attributes import shown_value
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.identity import PersonRequest
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

PAGE = "backoffice/products/together.html"
PLAIN = (
    ("brand", gettext_lazy("Brand")),
    ("summary", gettext_lazy("In one sentence")),
    ("description", gettext_lazy("Description")),
    ("origin", gettext_lazy("Country of origin")),
    ("customs_code", gettext_lazy("Customs code")),
    ("lead_days", gettext_lazy("Delivery time in stock, working days")),
    ("tax_category", gettext_lazy("Tax")),
)
SALT = "kontor.backoffice.products_together"
UNDO_SECONDS = 3600


@needs(EDIT_CATALOG)
@require_POST
def products_together(request: PersonRequest) -> HttpResponse:
    """POST /office/products/together/ selected=…, field, value, [save] -> what would change; with `save` it is done."""
    actor, form = at_own_desk(request), request.POST
    keys = [key for text in form.getlist("selected") if (key := key_of(text))][:MOST_AT_ONCE]
    products = list(products_of_seller(actor).filter(pk__in=keys).order_by("sku"))
    if not products:
        toast = Toast(message=_("Tick the articles first."), kind="warning")
        return leave_to(request, reverse("backoffice:products"), toast=toast)
    field, value = form.get("field", ""), form.get("value", "").replace("\x00", "")
    values: dict[str, Any] = {
        "products": products,
        "fields": _fields(products),
        "field": field,
        "value": value,
    }
    values |= {"options": _options(request, field), "plan": None}
    if not field or form.get("choose"):
        return page(request, PAGE, **values)
    try:
        change = _change(request, field, value)
        plan = plan_together(actor=actor, products=products, change=change)
        if not form.get("save"):
            return page(
                request, PAGE, **values | {"plan": _shown(plan), "wrong": any(one.problem for one in plan)}
            )
        done = change_together(actor=actor, products=products, change=change)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, PAGE, refusal, **values)
    token = signing.dumps([[one.pk, one.revision] for one in done], salt=SALT, compress=True)
    message = ngettext("%(n)s article is changed.", "%(n)s articles are changed.", len(done)) % {
        "n": len(done)
    }
    undo = f"{reverse('backoffice:products_together_undo')}?changed={token}"
    toast = Toast(message=message, undo_url=undo if done and len(token) < 1500 else "")
    return leave_to(request, reverse("backoffice:products"), toast=toast)


@needs(EDIT_CATALOG)
@require_POST
def products_together_undo(request: PersonRequest) -> HttpResponse:
    """POST /office/products/together/undo/?changed=… -> as before, where nobody was faster."""
    try:
        changed = signing.loads(request.GET.get("changed", ""), salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        toast = Toast(
            message=_("This can no longer be undone here; restore it in the history."), kind="warning"
        )
        return leave_to(request, reverse("backoffice:products"), toast=toast)
    back, kept = undo_together(actor=at_own_desk(request), changed=changed)
    message = ngettext("%(n)s article is as before.", "%(n)s articles are as before.", back) % {"n": back}
    told = _("Changed again meanwhile and left: %(skus)s") % {"skus": ", ".join(kept[:10])} if kept else ""
    toast = Toast(message=message, told=told, kind="warning" if kept else "good")
    return leave_to(request, reverse("backoffice:products"), toast=toast)


def _fields(products: Sequence[Product]) -> list[tuple[str, str]]:
    """What can be changed in all of them: their own data, and the attributes of the seller."""
    reader = get_language() or ""
    seller = products[0].seller_id
    attributes = Attribute.objects.filter(seller=seller, is_localised=False).exclude(kind="file")
    own = [
        ("category", _("Category")),
        ("family", _("Family")),
        *((name, str(label)) for name, label in PLAIN),
    ]
    named = [(f"attributes/{one.code}", one.names.get(reader) or one.name) for one in attributes]
    return [("", _("Choose a field")), *own, *named]


def _options(request: PersonRequest, field: str) -> list[tuple[Any, str]]:
    """The choices of a field that has them."""
    if field == "category":
        return category_options(_("None"))
    if field == "family":
        return family_options(at_own_desk(request).company_id, _("None"))
    if field == "tax_category":
        return [("standard", _("standard")), ("reduced", _("reduced")), ("zero", _("zero"))]
    if field.startswith("attributes/"):
        trait = _trait(request, field)
        codes: list[Any] = [one.code for one in trait.choices] if trait.kind in ("choice", "choices") else []
        named: list[tuple[Any, str]] = [
            (code, shown_value(trait, code, get_language() or "")[0]) for code in codes
        ]
        if trait.kind == "boolean":
            named = [("yes", _("Yes")), ("no", _("No"))]
        return [("", _("None")), *named] if named else []
    return []


def _trait(request: PersonRequest, field: str) -> Any:
    own = Attribute.objects.filter(seller_id=at_own_desk(request).company_id)
    attribute = own.filter(code=field.removeprefix("attributes/")).first()
    if attribute is None:
        raise Refused(
            "unknown_field", _("Choose one of the fields."), {"field": _("Choose one of the fields.")}
        )
    return trait_of(attribute)


def _change(request: PersonRequest, field: str, value: str) -> Change:
    if field == "category":
        return Change(field=field, value=Category.objects.filter(pk=key_of(value) or 0).first())
    if field == "family":
        own = Family.objects.filter(seller_id=at_own_desk(request).company_id)
        return Change(field=field, value=own.filter(pk=key_of(value) or 0).first())
    if field == "lead_days":
        days = key_of(value.strip())
        if days is None:
            message = _("Enter a whole number.")
            raise Refused("incomplete", message, {"value": message})
        return Change(field=field, value=days)
    if field not in dict(PLAIN) and not field.startswith("attributes/"):
        raise Refused(
            "unknown_field", _("Choose one of the fields."), {"field": _("Choose one of the fields.")}
        )
    return Change(field=field, value=value, language=get_language() or "")


def _shown(plan: Sequence[Planned]) -> list[dict[str, Any]]:
    return [
        {
            "sku": one.product.sku,
            "name": one.product.name,
            "before": one.before,
            "after": one.after,
            "problem": one.problem,
        }
        for one in plan
    ]


urlpatterns = [
    path("products/together/", products_together, name="products_together"),
    path("products/together/undo/", products_together_undo, name="products_together_undo"),
]
