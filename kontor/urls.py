"""All addresses of the product; each edge brings its own."""

from django.urls import URLPattern, URLResolver, include, path

from kontor.web.views import errors

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("kontor.storefront.urls")),
    path("office/", include("kontor.backoffice.urls")),
    path("", include("kontor.web.urls")),
    path("api/", include(("kontor.api.rest", "api"), namespace="api")),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
