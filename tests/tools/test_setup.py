"""The set-up takes uv's own hashes from the lock file and knows when nothing changed."""

from tools import setup

PINS = """\
uv==2.0 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
"""


def test_finds_one_packages_lines_in_the_lock_file(tmp_path, monkeypatch):
    lock = tmp_path / "requirements.lock"
    lock.write_text(f"uvicorn==1 \\\n    --hash=sha256:aa\n{PINS}    # via kontor\n")
    monkeypatch.setattr(setup, "LOCK", lock)
    assert setup.pinned("uv") == PINS


def test_another_lock_file_is_another_fingerprint(tmp_path, monkeypatch):
    before = setup.fingerprint()
    changed = tmp_path / "requirements.lock"
    changed.write_text("uv==1\n")
    monkeypatch.setattr(setup, "LOCK", changed)
    assert setup.fingerprint() != before


def test_the_lock_file_names_no_host():
    text = setup.LOCK.read_text()
    assert "://" not in text
    assert "index-url" not in text
