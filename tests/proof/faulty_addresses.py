"""The product's addresses with two faults planted, which the matrix must find."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from kontor.orders.models import Order
from kontor.urls import urlpatterns as sound
from kontor.web.access import signed_in


@signed_in
def unscoped(request: HttpRequest, order_id: int) -> HttpResponse:
    """Shows any company's order."""
    return HttpResponse(Order.objects.get(pk=order_id).note)


def undeclared(request: HttpRequest) -> HttpResponse:
    """Says nowhere who may open it."""
    return HttpResponse("")


urlpatterns = [
    path("faulty/<int:order_id>/", unscoped, name="unscoped"),
    path("faulty/", undeclared, name="undeclared"),
    *sound,
]
