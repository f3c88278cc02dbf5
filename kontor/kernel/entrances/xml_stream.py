"""XML files of any size, one record after the other: what lies between two records is forgotten at once.

The same rules as at `kontor.kernel.entrances.xml`: no entity that a text could use may be declared, no DTD is fetched.
Parameter entities, with which catalogs announce their own elements, are passed over and never expanded. What bounds
the memory is the size of one record, not that of the file.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _

from kontor.kernel.entrances.problem import EntranceProblem

__all__ = ["Element", "Record", "RecordLimits", "records"]

CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class RecordLimits:
    """`size` of the file in bytes; of one record, its elements, the characters in it, and how deep they are nested."""

    size: int = 2_000_000_000
    elements: int = 100_000
    text: int = 20_000_000
    depth: int = 100
    token: int = 2_000_000


@dataclass(frozen=True, slots=True)
class Record:
    """An element with all that is in it, and the line on which it begins. Names have no namespace."""

    line: int
    element: Element


class _Parser(DefusedXMLParser):
    def defused_entity_decl(self, name: str, is_parameter_entity: bool, value: Any, *rest: Any) -> None:
        if not is_parameter_entity or value is None:
            super().defused_entity_decl(name, is_parameter_entity, value, *rest)


class _Collector:
    """Builds the wanted elements and nothing else. An element inside of a wanted one belongs to it."""

    def __init__(self, wanted: frozenset[str], limits: RecordLimits) -> None:
        self.found: list[Record] = []
        self.root = ""
        self.line: Callable[[], int] = lambda: 0
        self._wanted, self._limits = wanted, limits
        self._open: list[Element] = []
        self._depth = self._elements = self._characters = self._begun = 0

    def start(self, tag: str, attributes: dict[str, str], /) -> None:
        self._depth += 1
        if self._depth > self._limits.depth:
            most = {"most": self._limits.depth}
            raise EntranceProblem(
                "too_deep", _("The XML document is nested more than %(most)s deep.") % most, self.line()
            )
        name = tag.rpartition("}")[2]
        self.root = self.root or name
        if self._open:
            self._elements += 1
            if self._elements > self._limits.elements:
                raise self._too_large()
            element = Element(name, attributes)
            self._open[-1].append(element)
            self._open.append(element)
        elif name in self._wanted:
            self._elements = self._characters = 0
            self._begun = self.line()
            self._open.append(Element(name, attributes))

    def data(self, text: str, /) -> None:
        if not self._open:
            return
        self._characters += len(text)
        if self._characters > self._limits.text:
            raise self._too_large()
        element = self._open[-1]
        if len(element):
            element[-1].tail = (element[-1].tail or "") + text
        else:
            element.text = (element.text or "") + text

    def end(self, _tag: str, /) -> None:
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            if not self._open:
                self.found.append(Record(self._begun, element))

    def close(self) -> None:
        pass

    def _too_large(self) -> EntranceProblem:
        message = _("The record that begins in line %(line)s is too large.") % {"line": self._begun}
        return EntranceProblem("record_too_large", message, self._begun)


def records(
    file: BinaryIO, wanted: frozenset[str], limits: RecordLimits = RecordLimits()
) -> Iterator[Record | str]:
    """First the name of the root element, then each wanted element in the order of the file.

    Raises EntranceProblem: too_big, empty, too_deep, record_too_large, entities, not_xml.
    """
    if file.seek(0, io.SEEK_END) > limits.size:
        raise EntranceProblem(
            "too_big", _("The XML document is larger than %(most)s MB.") % {"most": limits.size // 1_000_000}
        )
    file.seek(0)
    collector = _Collector(wanted, limits)
    parser: Any = _Parser(target=collector, forbid_dtd=False, forbid_entities=True)
    expat = parser.parser
    collector.line = lambda: int(expat.CurrentLineNumber)
    named, fed = False, 0
    while piece := file.read(CHUNK):
        fed += len(piece)
        _feed(parser, piece)
        if fed - max(expat.CurrentByteIndex, 0) > limits.token:  # a tag without end would be kept whole
            raise collector._too_large()  # noqa: SLF001  # the collector is ours
        if collector.root and not named:
            named = True
            yield collector.root
        yield from collector.found
        collector.found.clear()
    _close(parser)
    if not collector.root:
        raise EntranceProblem("not_xml", _("The XML document is empty."))


def _feed(parser: Any, piece: bytes) -> None:
    try:
        parser.feed(piece)
    except DefusedXmlException:
        message = _("The XML document declares entities; send it without them.")
        raise EntranceProblem("entities", message) from None
    except ParseError as problem:
        raise _not_well_formed(problem) from None
    except (ValueError, LookupError) as problem:  # an encoding that nobody knows
        message = _("The XML document cannot be read: %(why)s.") % {"why": problem}
        raise EntranceProblem("not_xml", message) from None


def _close(parser: Any) -> None:
    try:
        parser.close()
    except ParseError as problem:
        raise _not_well_formed(problem) from None


def _not_well_formed(problem: ParseError) -> EntranceProblem:
    line = problem.position[0]
    message = _("Line %(line)s is not well-formed XML: %(why)s.") % {
        "line": line,
        "why": str(problem.msg).partition(":")[0],
    }
    return EntranceProblem("not_xml", message, line)
