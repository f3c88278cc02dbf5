"""`kontor import` and `kontor export` as a stranger uses them: exit codes, standard input and output, Ctrl-C."""

import io
from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest
import typer

from kontor.catalog.models import Product
from kontor.commands import exchange, exports
from kontor.commands.exchange import Wish, import_file
from kontor.commands.exports import Target, export_goods, export_prices
from kontor.exchange import folder
from tests.cast import Cast

NOBODY = {"status": "", "brand": "", "prices": "", "stock": ""}
HANSA = "Hansa Supply GmbH"
ROWS = b"sku,name,weight_kg,wonder\nX-1,Thing,1,1\nX-2,Other,heavy,2\n"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "root", lambda: tmp_path / "exchange")


@pytest.fixture
def rows(tmp_path) -> Path:
    file = tmp_path / "rows.csv"
    file.write_bytes(ROWS)
    return file


@pytest.mark.covers("R0.7")
def test_exit_codes_tell_all_nothing_and_the_good_rows_apart(cast: Cast, rows: Path, tmp_path, capsys):
    assert import_file(rows, Wish(seller=HANSA, check=True)) == 1
    assert import_file(rows, Wish(seller=HANSA)) == 1
    assert not Product.objects.filter(sku="X-1").exists()
    assert "Not imported, because no meaning is known: wonder" in capsys.readouterr().err

    wrong = tmp_path / "wrong.csv"
    assert import_file(rows, Wish(seller=HANSA, good_rows=True, errors=wrong)) == 3
    assert Product.objects.filter(sku="X-1").exists()
    assert "is not a number" in wrong.read_text("utf-8-sig")
    rows.write_bytes(b"sku,name\nX-1,Thing\n")
    assert import_file(rows, Wish(seller=HANSA)) == 0


def test_standard_input_is_read(cast: Cast, monkeypatch):
    monkeypatch.setattr(exchange.sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"sku,name\nX-9,Piped\n")))
    assert import_file(Path("-"), Wish(seller=HANSA)) == 0
    assert Product.objects.get(sku="X-9").name == "Piped"


def test_stopped_with_ctrl_c_it_says_what_is_in(cast: Cast, rows: Path, monkeypatch, capsys):
    def stop(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(exchange, "carry_out", stop)
    assert import_file(rows, Wish(seller=HANSA)) == 130
    assert "Stopped. Nothing was imported." in capsys.readouterr().err
    assert import_file(rows, Wish(seller=HANSA, good_rows=True)) == 130
    assert "Run the same command again" in capsys.readouterr().err


def test_what_is_not_there_is_named_with_what_there_is(cast: Cast, rows: Path, tmp_path, capsys):
    with pytest.raises(typer.Exit):
        import_file(rows, Wish(seller=HANSA, mapping="Weekly"))
    with pytest.raises(typer.Exit):
        export_goods(Target(file=tmp_path / "x.csv"), seller=HANSA, only=NOBODY | {"prices": "NONE"})
    with pytest.raises(typer.Exit):
        export_goods(Target(file=tmp_path / "x.doc"), seller=HANSA, only=NOBODY)
    with pytest.raises(typer.Exit):
        export_prices(Target(file=tmp_path / "x.csv"), seller=HANSA, customer="99999")
    with pytest.raises(typer.Exit):
        export_goods(Target(file=tmp_path / "none" / "x.csv"), seller=HANSA, only=NOBODY)
    said = capsys.readouterr().err
    for text in ("none yet", "There is no price list of this code. There are:", "must end in one of", "active customer",
                 "No such file or directory"):  # fmt: skip
        assert text in said


def test_an_export_is_there_only_when_it_is_whole(cast: Cast, tmp_path, monkeypatch):
    file = tmp_path / "goods.jsonl"
    export_goods(Target(file=file), seller=HANSA, only=NOBODY)
    before = file.read_bytes()
    assert b"DRILL-18V" in before

    def stop(*_: object):
        yield b"half"
        raise KeyboardInterrupt

    monkeypatch.setattr(exports, "write_file", stop)
    with pytest.raises(typer.Exit) as stopped:
        export_goods(Target(file=file), seller=HANSA, only=NOBODY)
    assert stopped.value.exit_code == 130
    assert (file.read_bytes(), len(list(tmp_path.glob(".goods*")))) == (before, 0)


def test_a_customers_prices_go_to_standard_output(cast: Cast, monkeypatch):
    out = io.BytesIO()
    monkeypatch.setattr(exports.sys, "stdout", SimpleNamespace(buffer=out, write=len, flush=lambda: None))
    export_prices(Target(file=Path("-"), form="jsonl"), seller=HANSA, customer="10001")
    monkeypatch.undo()
    exports.console.stderr = False
    lines = [orjson.loads(line) for line in out.getvalue().splitlines()]
    assert "DRILL-18V" in {one["sku"] for one in lines}
