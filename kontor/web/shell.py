"""What stands around a page: brand, navigation, search, cart, account. Each office describes its own.

An office registers one function per URL namespace in its AppConfig.ready(); the namespace "" is for pages of
libraries and of nobody in particular (sign-in, errors).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """A link in the bar. `key` is the letter after g on the keyboard; `count` what waits there."""

    label: str
    url: str
    icon: str = ""
    key: str = ""
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who is signed in, for which company, and the links of the account menu."""

    name: str
    company: str = ""
    role: str = ""
    items: tuple[NavItem, ...] = ()
    sign_out_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AsCustomer:
    """A sales representative works for this customer; `leave_url` takes a POST."""

    company: str
    rep: str
    leave_url: str
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """The frame of a page. An empty address leaves its part out."""

    office: str = "guest"
    office_name: str = ""
    brand: str = "Kontor"
    brand_logo: str = ""
    home_url: str = "/"
    accent: str = "harbour"
    nav: tuple[NavItem, ...] = ()
    search_url: str = ""
    search_label: str = ""
    search_value: str = ""
    suggest_url: str = ""
    cart_url: str = ""
    cart_count: int | None = None
    account: Account | None = None
    sign_in_url: str = ""
    register_url: str = ""
    language_url: str = ""
    languages: tuple[tuple[str, str], ...] = ()
    as_customer: AsCustomer | None = None
    footer: tuple[NavItem, ...] = ()


ShellBuilder = Callable[[HttpRequest], Shell]
_builders: dict[str, ShellBuilder] = {}


def register_shell(namespace: str, build: ShellBuilder) -> None:
    """Let `build` describe the frame of all pages of a URL namespace."""
    _builders[namespace] = build


def shell_for(request: HttpRequest) -> Shell:
    """The frame of this request's page, described once per request."""
    known = request.__dict__.get("_shell")
    if isinstance(known, Shell):
        return known
    match = request.resolver_match
    namespace = match.namespaces[0] if match and match.namespaces else ""
    build = _builders.get(namespace) or _builders.get("")
    shell = build(request) if build else Shell()
    request.__dict__["_shell"] = shell
    return shell
