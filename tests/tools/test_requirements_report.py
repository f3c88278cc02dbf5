"""The report reads markers from the source and numbers from the list."""

from tools.requirements_report import ROOT, markers, requirements


def test_reads_numbers_and_sentences_from_the_list():
    text = "# R0\n\n- R0.1 Trade goods.\n- R12.34 Ship them.\ntext R0.9 inside\n"
    assert requirements(text) == {"R0.1": "Trade goods.", "R12.34": "Ship them."}


def test_reads_every_marker_of_a_file():
    source = (
        'pytestmark = pytest.mark.covers("R0.1")\n'
        '@pytest.mark.covers("R0.2", "R0.3")\n'
        "def test_this(): pass\n"
        'recovers("R9.9")\n'
    )
    assert list(markers(source)) == ["R0.1", "R0.2", "R0.3"]


def test_the_projects_own_list_has_all_chapters():
    wanted = requirements((ROOT / "docs/reference/requirements.md").read_text())
    assert len(wanted) == 198
    assert {number.split(".")[0] for number in wanted} == {"R0", "R1", "R2", "R3", "R4"}
