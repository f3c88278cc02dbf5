"""Addresses under the names that mails link to, so that tests of mails need no page."""

from django.http import HttpResponse
from django.urls import include, path


def page(_request, *_arguments):
    return HttpResponse()


def pages(*names):
    return [path(f"{name}/", page, name=name) for name in names] + [
        path(f"{name}/<what>/", page, name=name) for name in names
    ]


SHARED = ("home", "order", "request", "return", "invoice")
storefront = pages(*SHARED, "approval", "company", "invitation", "notifications")
backoffice = pages(*SHARED, "customer", "pick_list")
urlpatterns = [
    path("", include((storefront, "storefront"))),
    path("office/", include((backoffice, "backoffice"))),
    *pages("account_login", "account_reset_password"),
]
