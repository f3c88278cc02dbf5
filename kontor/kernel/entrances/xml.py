"""The one entrance for XML. A DOCTYPE that names a DTD elsewhere is taken, as cXML has one, but never fetched.

Any entity that a document declares is refused, whether it is used or not: that ends expansion bombs and the reading of
files and addresses at once. Limits on bytes, elements and depth bound the time and the memory of what is left.
"""

from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _

from kontor.kernel.entrances.problem import EntranceProblem

CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class XmlLimits:
    """`size` in bytes, `depth` in nested elements."""

    size: int = 20_000_000
    elements: int = 300_000
    depth: int = 100


class _CountingBuilder(TreeBuilder):
    """Builds the tree and stops when it grows too big or too deep."""

    def __init__(self, limits: XmlLimits) -> None:
        super().__init__()
        self.limits = limits
        self.elements = 0
        self.depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.elements += 1
        self.depth += 1
        if self.elements > self.limits.elements:
            raise EntranceProblem(
                "too_many_elements",
                _("The XML document has more than %(most)s elements.") % {"most": self.limits.elements},
            )
        if self.depth > self.limits.depth:
            raise EntranceProblem(
                "too_deep",
                _("The XML document is nested more than %(most)s deep.") % {"most": self.limits.depth},
            )
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def parse(document: bytes, limits: XmlLimits = XmlLimits()) -> Element:
    """The root element. Raises EntranceProblem: too_big, too_many_elements, too_deep, entities or not_xml."""
    if len(document) > limits.size:
        raise EntranceProblem(
            "too_big", _("The XML document is larger than %(most)s MB.") % {"most": limits.size // 1_000_000}
        )
    parser = DefusedXMLParser(target=_CountingBuilder(limits), forbid_dtd=False, forbid_entities=True)
    try:
        for start in range(0, len(document), CHUNK):
            parser.feed(document[start : start + CHUNK])
        root = parser.close()
    except DefusedXmlException:
        raise EntranceProblem(
            "entities", _("The XML document declares entities; send it without them.")
        ) from None
    except ParseError as problem:
        line = problem.position[0]
        raise EntranceProblem(
            "not_xml",
            _("Line %(line)s is not well-formed XML: %(why)s.") % {"line": line, "why": problem.msg},
            line,
        ) from None
    except (ValueError, LookupError) as problem:  # an encoding that nobody knows
        raise EntranceProblem(
            "not_xml", _("The XML document cannot be read: %(why)s.") % {"why": problem}
        ) from None
    if root is None:
        raise EntranceProblem("not_xml", _("The XML document is empty."))
    return root
