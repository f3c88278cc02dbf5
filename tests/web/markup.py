"""What a page's markup must keep: names for every control, unique ids, nothing inline."""

from html.parser import HTMLParser

VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NAMED = {"input", "select", "textarea", "button", "a", "summary", "dialog", "table"}
UNNAMED_TYPES = {"hidden", "submit", "image"}


class Reader(HTMLParser):
    """Collects the elements of a page with their attributes and the text inside them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs), list(self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs), list(self._open)))

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index].tag == tag:
                del self._open[index:]
                return

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data


class Element:
    """One element; `parents` from the outside in."""

    def __init__(self, tag: str, attrs: dict[str, str | None], parents: "list[Element]") -> None:
        self.tag, self.attrs, self.parents, self.text = tag, attrs, parents, ""

    def __repr__(self) -> str:
        return f"<{self.tag} {self.attrs}>"


def problems(html: str) -> list[str]:
    """One sentence for each thing that is wrong."""
    reader = Reader(html)
    ids = [element.attrs["id"] for element in reader.elements if element.attrs.get("id")]
    labelled = {element.attrs.get("for") for element in reader.elements if element.tag == "label"}
    found = [f"two elements have the id {one}" for one in {one for one in ids if ids.count(one) > 1}]
    for element in reader.elements:
        attrs = element.attrs
        found += [f"{element} has {name}" for name in attrs if name == "style" or name.startswith("on")]
        for name in ("aria-describedby", "aria-labelledby"):
            found += [
                f"{element}: nothing is called {one}"
                for one in (attrs.get(name) or "").split()
                if one not in ids
            ]
        is_data = attrs.get("type") == "application/ld+json"  # which no browser runs
        if element.tag == "style" or (element.tag == "script" and not attrs.get("src") and not is_data):
            found.append(f"{element} stands in the page")
        if element.tag == "img" and "alt" not in attrs:
            found.append(f"{element} has no alt")
        if (
            element.tag == "th"
            and not element.text.strip()
            and not attrs.get("aria-label")
            and "select" not in (attrs.get("class") or "")
        ):
            found.append(f"{element} is an empty head")
        if element.tag in NAMED and not _named(element, labelled):
            found.append(f"{element} has no name")
    return found


def _named(element: Element, labelled: set[str | None]) -> bool:
    attrs = element.attrs
    hidden = attrs.get("aria-hidden") == "true" or attrs.get("type") in UNNAMED_TYPES
    if hidden or attrs.get("aria-label") or attrs.get("aria-labelledby") or element.text.strip():
        return True
    in_label = any(parent.tag == "label" and parent.text.strip() for parent in element.parents)
    return in_label or (attrs.get("id") is not None and attrs["id"] in labelled)
