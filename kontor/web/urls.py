"""Addresses that belong to no office."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
