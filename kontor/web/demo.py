"""What a demo shows around every page."""

from django.conf import settings
from django.utils.translation import gettext as _

from kontor.web.addresses import url
from kontor.web.shell import NavItem


def demo_footer() -> tuple[NavItem, ...]:
    """The way to the mailbox, where the installation shows its mails instead of sending them."""
    config = settings.CONFIG
    if config.sends_mail or config.production:
        return ()
    return (NavItem(label=_("Mailbox of this demo"), url=url("storefront:mailbox")),)
