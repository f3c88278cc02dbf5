"""Addresses that belong to no office."""

from django.urls import URLPattern, path

from kontor.web.access import operator, public
from kontor.web.views import errors, health
from kontor.web.views.living import living

urlpatterns: list[URLPattern] = [
    path("health", public(health.health), name="health"),
    path("ready", public(health.ready), name="ready"),
    path("metrics", public(health.figures), name="metrics"),
    path("living", operator(living), name="living"),
    # allauth's page of e-mail addresses writes when it is read; people change their address in their profile.
    path("account/email/", public(errors.not_found)),
]
