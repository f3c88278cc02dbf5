"""XML is taken with a DTD that it only names, and refused with entities, however they are dressed."""

import time

import pytest

from kontor.kernel.entrances import EntranceProblem
from kontor.kernel.entrances.xml import XmlLimits, parse
from tests.shared_files import shared

pytestmark = pytest.mark.covers("R3.33")


def code(document: bytes, **limits: int) -> str:
    with pytest.raises(EntranceProblem) as problem:
        parse(document, XmlLimits(**limits))
    return problem.value.code


def test_reads_elements_attributes_and_text():
    root = parse(b'<order no="7"><line>bolt</line></order>')
    assert (root.tag, root.get("no"), root[0].text) == ("order", "7", "bolt")


def test_takes_a_document_that_names_a_dtd_elsewhere_as_cxml_does():
    document = (
        b'<?xml version="1.0"?><!DOCTYPE cXML SYSTEM "http://127.0.0.1:9/cXML.dtd"><cXML><Header/></cXML>'
    )
    assert parse(document)[0].tag == "Header"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_refuses_entities_in_any_encoding(encoding):
    document = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert code(document.encode(encoding)) == "entities"


def test_a_broken_document_is_refused_with_its_line():
    with pytest.raises(EntranceProblem) as problem:
        parse(b"<a>\n<b>\n</a>")
    assert (problem.value.code, problem.value.position) == ("not_xml", 3)


@pytest.mark.parametrize(
    "document", [b"", b"   ", b"no xml", b'<?xml version="1.0" encoding="x-unknown"?><a/>']
)
def test_what_is_no_xml_is_refused(document):
    assert code(document) == "not_xml"


def test_limits_on_size_elements_and_depth_are_kept():
    assert code(b"<a>" + b" " * 100 + b"</a>", size=50) == "too_big"
    assert code(b"<a>" + b"<b/>" * 100 + b"</a>", elements=50) == "too_many_elements"
    assert code(b"<a>" * 60 + b"</a>" * 60, depth=50) == "too_deep"


def test_a_hostile_document_costs_less_than_two_seconds_of_the_processor():
    start = time.process_time()
    assert code(b"<a>" + b"<b/>" * 4_900_000) == "too_many_elements"
    assert time.process_time() - start < 2


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    ["cyclic", "external", "external_file", "quadratic", "xmlbomb", "xmlbomb2"],
)
def test_known_attacks_by_expansion_are_refused(name):
    assert code(shared(f"security/xml-attacks/{name}.xml").read_bytes()) == "entities"


@pytest.mark.shared
def test_known_attacks_by_external_entities_are_refused_and_never_hang():
    documents = [path.read_bytes() for path in sorted(shared("security/xxe").glob("*.xml"))]
    for name in ("XXE_Fuzzing.txt", "xml-attacks.txt"):
        documents += shared(f"security/xxe/{name}").read_bytes().splitlines()
    answers = {document: outcome(document) for document in documents}
    assert len(documents) > 60
    assert set(answers.values()) <= {"read", "entities", "not_xml"}
    assert [
        document for document, answer in answers.items() if answer == "read" and b"ENTITY" in document
    ] == []


def outcome(document: bytes) -> str:
    try:
        parse(document)
    except EntranceProblem as problem:
        return problem.code
    return "read"


@pytest.mark.shared
def test_genuine_documents_are_read():
    assert parse(shared("security/xml-attacks/dtd.xml").read_bytes()).tag == "html"
    assert parse(shared("security/xml-attacks/simple-ns.xml").read_bytes()).tag == "{namespace}root"
    genuine = sorted(shared("cxml").rglob("*.xml"))
    roots = [parse(path.read_bytes()).tag for path in genuine if b"<!ENTITY" not in path.read_bytes()]
    assert len(roots) >= 20
