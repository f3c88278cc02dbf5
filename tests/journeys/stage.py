"""A person with a browser, and the stage on which they meet."""

import re
import time
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response, expect
from pypdf import PdfReader

from kontor.companies.models import Membership
from kontor.notifications.models import Mail
from tests.assembly import PASSWORD, Cast
from tests.proof.product import signed_in

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking",    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 30.0
"""Seconds until the worker must have written a mail."""
PATIENCE_MS = 20_000
"""Milliseconds until a page must show what is looked for."""


@dataclass
class Person:
    """Somebody at a browser window; what goes wrong in it is remembered in `troubles`."""

    stage: "Stage"
    context: BrowserContext
    page: Page
    troubles: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda problem: self.troubles.append(f"{self.page.url}: {problem}"))
        self.page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        refused = "the server responded with a status of 4" in message.text
        if message.type == "error" and not refused:
            self.troubles.append(f"{self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.request.method} {response.url}: {response.status}")

    def goes(self, path: str) -> Response | None:
        return self.page.goto(path if path.startswith("http") else self.stage.address + path)

    def has_session_of(self, member: Membership) -> None:
        """As after signing in. The password may be another since the cast was written."""
        member = Membership.objects.select_related("user").get(pk=member.pk)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": signed_in(member), "url": self.stage.address}
        self.context.add_cookies([cookie])  # type: ignore[list-item]  # the stubs want a TypedDict

    def signs_in(self, email: str, password: str = PASSWORD) -> None:
        self.goes("/account/login/")
        self.field("E-mail").fill(email)
        self.field("Password").fill(password)
        self.presses("Sign in")

    def leave(self) -> None:
        self.context.close()

    # what a person sees and does, by roles and labels

    def field(self, label: str, within: Locator | None = None) -> Locator:
        return (within or self.page).get_by_label(label, exact=True)

    def fills(self, **fields: str) -> None:
        """Fill fields by label; write a label's spaces as underlines."""
        for label, text in fields.items():
            self.page.get_by_label(re.compile(rf"^{label.replace('_', ' ')}( optional)?$")).fill(text)

    def presses(self, name: str, within: Locator | None = None) -> None:
        (within or self.page).get_by_role("button", name=name, exact=True).click()

    def follows(self, name: str, within: Locator | None = None) -> None:
        (within or self.page).get_by_role("link", name=name, exact=True).click()

    def in_main(self) -> Locator:
        return self.page.get_by_role("main")

    def row(self, text: str) -> Locator:
        return self.page.get_by_role("row").filter(has_text=text)

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)

    def sees_not(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("body")).not_to_contain_text(text)

    def finds(self, words: str, text: str) -> None:
        """Search until the worker has told the index what came in; then the hits must show `text`."""
        for _attempt in range(PATIENCE_MS // 500):
            self.goes(f"/search/?q={words}")
            if text in self.in_main().inner_text():
                return
            self.page.wait_for_timeout(500)
        self.sees(text)

    def reads_heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)

    def reads_number(self, word: str = "") -> str:
        """The number in a heading such as `Order SO-1001`, once it is there."""
        heading, number = self.page.get_by_role("heading", level=1), rf"{word} ?([A-Z]+-[\d-]+)"
        expect(heading).to_have_text(re.compile(number))
        found = re.search(number, heading.inner_text())
        assert found
        return found[1]

    def downloads(self, link: Locator) -> str:
        """The text of the PDF behind a link, fetched with this person's cookies."""
        answer = self.context.request.get(self.stage.address + str(link.get_attribute("href")))
        assert answer.status == 200, f"{answer.url}: {answer.status}"
        assert answer.headers["content-type"] == "application/pdf"
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.body())).pages)

    def status_of(self, path: str) -> int:
        return self.context.request.get(self.stage.address + path, max_redirects=0).status


@dataclass
class Stage:
    """The running installation and who is who in it. `database` is Django's name for its database."""

    address: str
    cast: Cast
    database: dict[str, Any]

    def person(self, browser: Browser, **options: Any) -> Person:
        context = browser.new_context(
            **{"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"} | options
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        person = Person(self, context, page)
        person.watch()
        return person

    def mail_to(self, email: str, subject: str) -> Mail:
        """The newest mail to this address whose subject has these words, as soon as the worker has written it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = Mail.objects.filter(to=email, subject__icontains=subject).order_by("-pk").first()
            if found is not None:
                return found
            time.sleep(0.1)
        known = list(Mail.objects.filter(to=email).values_list("subject", flat=True))
        raise AssertionError(f"no mail to {email} about {subject!r}; there are {known}")

    def link_in(self, mail: Mail) -> str:
        """The address of the first link to a page of ours."""
        found = re.search(rf"{re.escape(self.address)}\S+", mail.text)
        assert found, mail.text
        return found[0]
