"""The command line: `kontor --help`. Each command says what it does; the work is in `kontor.commands`."""

import os
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from kontor.commands.rebates import app as rebates_app

app = typer.Typer(
    name="kontor",
    help="Kontor: B2B commerce. `kontor up` starts everything; `kontor doctor` says what is wrong.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
events_app = typer.Typer(help="Which reaction follows which event, and the deliveries that were given up.")
app.add_typer(events_app, name="events", rich_help_panel="Look")
files_app = typer.Typer(help="Pictures, documents, files of imports: move to other storage, check, tidy up.")
app.add_typer(files_app, name="files", rich_help_panel="Data")
app.add_typer(rebates_app, name="rebates", rich_help_panel="Data")

RUN, DATA, LOOK = "Run", "Data", "Look"


@app.command(rich_help_panel=RUN)
def up(
    demo: Annotated[
        bool | None, typer.Option(help="Fill an empty database with the demo. Default: KONTOR_LOAD_DEMO.")
    ] = None,
) -> None:
    """Start everything and stay: database, tables, demo in an empty database, web and worker. Ctrl-C stops it all."""
    from kontor.commands.start import configuration
    from kontor.commands.up import up as run

    config = configuration()
    run(demo=(config.load_demo and not config.production) if demo is None else demo)


@app.command(rich_help_panel=RUN)
def web() -> None:
    """Run the web server alone, in the foreground; starts the embedded database when it is not running."""
    from kontor.commands.processes import web_command
    from kontor.commands.start import configuration, start_database

    config = configuration()
    start_database(config)
    command = web_command(config)
    os.execv(command[0], command)


@app.command(rich_help_panel=RUN)
def worker() -> None:
    """Run the worker alone, in the foreground: mails, documents, reactions to events."""
    from kontor.commands.processes import worker_command
    from kontor.commands.start import configuration, start_database

    start_database(configuration())
    command = worker_command()
    os.execv(command[0], command)


@app.command(rich_help_panel=RUN)
def stop() -> None:
    """End what is left running here: a `kontor up`, and the embedded databases, those of the tests included."""
    from kontor.commands.stop import stop as run

    run()


@app.command(rich_help_panel=DATA)
def migrate() -> None:
    """Bring tables, static files and translations up to date: after each update, before web and worker start."""
    from kontor.commands import prepare
    from kontor.commands.start import ready
    from kontor.commands.steps import step

    with step("Translations") as running:
        running.result = f"Translations: {prepare.compile_translations()} compiled"
    config = ready()
    with step("Tables") as running:
        running.result = f"Tables: {prepare.migrate(config)} changes applied"
    with step("Static files") as running:
        gathered = prepare.gather_static_files(config)
        running.result = "Static files: gathered" if gathered else "Static files are up to date"


@app.command(rich_help_panel=DATA)
def demo() -> None:
    """Load the demo: a distributor, its products, a dozen customers and 18 months of their orders."""
    from kontor.commands import freshness, prepare
    from kontor.commands.demo import load
    from kontor.commands.start import fail, ready

    config = ready()
    prepare.migrate(config)
    if not freshness.nobody_trades(config):
        fail("There are companies in this database already; the demo is loaded into an empty one only.")
    load()


@app.command(rich_help_panel=DATA)
def found(
    company: Annotated[str, typer.Option(prompt="Legal name of your company")],
    country: Annotated[str, typer.Option(prompt="Country, as DE", help="Two letters of ISO 3166.")],
    street: Annotated[str, typer.Option(prompt="Street and number")],
    postal_code: Annotated[str, typer.Option(prompt="Postal code")],
    city: Annotated[str, typer.Option(prompt="City")],
    vat_id: Annotated[str, typer.Option(prompt="VAT id with its country, or - for none")],
    name: Annotated[str, typer.Option(prompt="Your name")],
    email: Annotated[str, typer.Option(prompt="Your e-mail, to sign in")],
    password: Annotated[str, typer.Option(prompt="Password", confirmation_prompt=True, hide_input=True)],
) -> None:
    """Begin without the demo: make your own company, which sells and operates the platform, and its administrator."""
    from kontor.commands import freshness, prepare
    from kontor.commands.start import fail, ready

    config = ready()
    prepare.migrate(config)
    if not freshness.nobody_trades(config):
        fail("There are companies in this database already. Sign in as the operator to add another.")
    from kontor.commands.found import Founding
    from kontor.commands.found import found as run

    person = {"name": name, "email": email, "password": password}
    place = {"street": street, "postal_code": postal_code, "city": city, "country": country}
    run(Founding(company=company, vat_id=vat_id.strip("- "), **place, **person), config)


@app.command(rich_help_panel=DATA)
def replay(
    file: Annotated[
        Path, typer.Argument(help="Trade as CSV, plain or .gz: one invoice line per row.", exists=True)
    ],
    limit: Annotated[
        int | None, typer.Option(help="Stop after so many invoices; the next run goes on.", min=1)
    ] = None,
) -> None:
    """Run a year of real trade through the operations that the pages use. Stop with Ctrl-C; repeat to resume."""
    from kontor.commands.start import ready

    ready()
    raise typer.Exit(import_module("kontor.replay.run").run(file, limit=limit))


@app.command("import", rich_help_panel=DATA)
def import_file(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="CSV, .xlsx, .jsonl or BMEcat; - reads standard input.",
            exists=True,
            dir_okay=False,
            allow_dash=True,
        ),
    ] = None,
    pictures: Annotated[
        Path | None,
        typer.Option(
            help="ZIP of pictures named after SKUs; alone or after the file.", exists=True, dir_okay=False
        ),
    ] = None,
    seller: Annotated[
        str, typer.Option(help="Which seller, by name or number; needed when there are several.")
    ] = "",
    mapping: Annotated[str, typer.Option(help="A saved mapping. Default: that for these columns.")] = "",
    subject: Annotated[str, typer.Option(help="goods, prices, costs, options, agreed; else by columns")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Try it, change nothing.")] = False,
    good_rows: Annotated[bool, typer.Option("--good-rows", help="Leave out the wrong rows.")] = False,
    errors: Annotated[
        Path | None, typer.Option(help="Write the wrong rows here, with the reason in each.", dir_okay=False)
    ] = None,
    schedule: Annotated[str, typer.Option(help="Instead of a file: carry out this schedule now.")] = "",
) -> None:
    """Import goods, prices, costs, stock, options or agreed quantities from a file. Only what differs is written.

    Exit codes: 0 all of it, 1 nothing of it (or, with --dry-run, something is wrong), 3 the good rows alone, 130
    stopped with Ctrl-C. Run it again after it was stopped: rows that are in are left alone.
    """
    from kontor.commands.start import ready

    if file is None and pictures is None and not schedule:
        raise typer.BadParameter("Name a file, an archive with --pictures, or a --schedule.")
    ready()
    run, code = import_module("kontor.commands.exchange"), 0
    if schedule:
        raise typer.Exit(run.run_schedule(schedule, seller=seller, kinds=["import"]))
    if file is not None:
        wish = run.Wish(
            seller=seller, subject=subject, mapping=mapping, check=dry_run, good_rows=good_rows, errors=errors
        )
        code = run.import_file(file, wish)
    if pictures is not None and not code:
        code = run.import_pictures(pictures, seller=seller, check=dry_run)
    raise typer.Exit(code)


@app.command(rich_help_panel=DATA)
def rates(file: Annotated[Path, typer.Argument(help="eurofxref-daily.xml, -hist.xml, CSV or ZIP.")]) -> None:
    """Take in exchange rates, for everybody: a file of the European Central Bank."""
    from kontor.commands.start import ready

    ready()
    raise typer.Exit(import_module("kontor.commands.rates").import_rates(file))


@app.command("export", rich_help_panel=DATA)
def export_file(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="Its ending says the kind: .csv, .xlsx, .jsonl, .xml (BMEcat 2005); - is standard output.",
            allow_dash=True,
        ),
    ] = None,
    seller: Annotated[
        str, typer.Option(help="Which seller, by name or number; needed when there are several.")
    ] = "",
    form: Annotated[str, typer.Option(help="csv, xlsx, jsonl or bmecat, whatever the ending.")] = "",
    status: Annotated[str, typer.Option(help="Only goods of this status, as active.")] = "",
    brand: Annotated[str, typer.Option(help="Only goods of this brand.")] = "",
    prices: Annotated[str, typer.Option(help="With the prices of this list, by its code.")] = "",
    stock: Annotated[str, typer.Option(help="With the stock of this warehouse, by its code.")] = "",
    customer: Annotated[
        str, typer.Option(help="Instead of goods: the price file of this customer, by number or name.")
    ] = "",
    subject: Annotated[str, typer.Option(help="Instead of goods: prices, costs, options, or agreed.")] = "",
    schedule: Annotated[
        str, typer.Option(help="Instead of a file: carry out this schedule of exports or feeds now.")
    ] = "",
) -> None:
    """Write a seller's goods, prices, costs, options or agreed quantities into a file, or a customer's price file."""
    from kontor.commands.start import ready

    if file is None and not schedule:
        raise typer.BadParameter("Name a file, or a --schedule.")
    ready()
    if schedule:
        run = import_module("kontor.commands.exchange").run_schedule
        raise typer.Exit(run(schedule, seller=seller, kinds=["export", "feed"]))
    exports = import_module("kontor.commands.exports")
    target = exports.Target(file=file, form=form)
    if customer:
        exports.export_prices(target, seller=seller, customer=customer)
        return
    if subject not in ("", "goods"):
        exports.export_stated(target, seller=seller, subject=subject)
        return
    only = {"status": status, "brand": brand, "prices": prices, "stock": stock}
    exports.export_goods(target, seller=seller, only=only)


@app.command(rich_help_panel=LOOK)
def check() -> None:
    """Prove on the data what must always be true: money adds up, stock balances. Exit code 1 when not."""
    from kontor.commands.check import check as run

    raise typer.Exit(1 if run() else 0)


@app.command(rich_help_panel=LOOK)
def doctor() -> None:
    """Say what is wrong with this installation, and what to do. Exit code 1 when something must be corrected."""
    from kontor.commands.doctor import doctor as run

    raise typer.Exit(1 if run() else 0)


@app.command(rich_help_panel=LOOK)
def settings() -> None:
    """List all settings with their values; secrets stay hidden."""
    from kontor.commands.listings import settings as run

    run()


@app.command(rich_help_panel=LOOK)
def routes() -> None:
    """List every address that the web server answers."""
    from kontor.commands.listings import routes as run
    from kontor.commands.start import configuration, start_django

    configuration()
    start_django()
    run()


@events_app.callback(invoke_without_command=True)
def events(context: typer.Context) -> None:
    """Print which reactions follow which event."""
    from kontor.commands.listings import events as run
    from kontor.commands.start import configuration, ready, start_django

    if context.invoked_subcommand:
        ready()
        return
    configuration()
    start_django()
    run()


@events_app.command("dead")
def dead_events() -> None:
    """List the deliveries that were given up after all their tries."""
    from kontor.commands.listings import dead_events as run

    run()


@events_app.command("replay")
def replay_events(
    which: Annotated[
        str, typer.Argument(metavar="ID|all", help="A number from `kontor events dead`, or all.")
    ],
) -> None:
    """Put a given-up delivery, or all of them, back in line."""
    from kontor.commands.start import fail
    from kontor.commands.steps import console

    if which != "all" and not which.isdigit():
        fail(f"{which!r} is neither a number from `kontor events dead` nor the word all.")
    count = import_module("kontor.kernel.delivery").replay_dead(None if which == "all" else [int(which)])
    if not count:
        fail("There is no such given-up delivery.")
    console.print(f"{count} back in line; the worker delivers them now.")


@files_app.command("move")
def files_move(
    to: Annotated[str, typer.Argument(help="A folder, or s3://ACCESS_KEY:SECRET@host/bucket/folder.")],
) -> None:
    """Copy all files to other storage and read each back. Stop with Ctrl-C; repeat to resume. Nothing is removed."""
    raise typer.Exit(_files().move(to))


@files_app.command("check")
def files_check() -> None:
    """Read every picture and document and compare it with its digest. Exit code 1 when one is missing or damaged."""
    raise typer.Exit(_files().check())


@files_app.command("sweep")
def files_sweep(
    remove: Annotated[
        bool, typer.Option("--remove", help="Remove them; without it they are counted.")
    ] = False,
) -> None:
    """Find pictures and documents that no product shows any more, at least a day old."""
    _files().sweep(remove=remove)


@files_app.command("renew")
def files_renew() -> None:
    """Make the sizes of today for pictures that an earlier version kept. Repeat to resume."""
    raise typer.Exit(_files().renew())


def _files() -> Any:
    from kontor.commands.start import ready

    ready()
    return import_module("kontor.commands.files")


@app.command(rich_help_panel=LOOK)
def shell() -> None:
    """Open a Python prompt with the models at hand."""
    from django.core.management import call_command

    from kontor.commands.start import ready

    ready()
    call_command("shell")


@app.command(
    rich_help_panel=LOOK,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
)
def django(context: typer.Context) -> None:
    """Run a command of Django's own, as `kontor django makemigrations`."""
    from django.core.management import execute_from_command_line

    from kontor.commands.start import configuration, start_database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kontor.settings")
    start_database(configuration())
    execute_from_command_line(["kontor django", *context.args])


def main() -> None:
    """Entry point of the `kontor` program."""
    app()


if __name__ == "__main__":
    main()
