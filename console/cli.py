"""The command `cryoprobe`: reads its arguments, joins the parts, says what is wrong in one line.

This is the composition root: it may import anything, and imports each part only when it is needed,
so that headless commands need neither Qt nor a graphics library.
"""

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, cast

import typer

from console import commands, config
from console.answers import (
    any_terminal,
    cannot,
    port_named,
    print_json,
    reader_gone,
    say,
    words_given,
)
from console.manual import with_whole_help
from console.model.plan import LONGEST_CASE, LONGEST_INITIALS
from drivers.inputs.text import Line

if TYPE_CHECKING:
    from console.preferences import Theme
    from simulator.control_client import Control

# Typer keeps its base of "this command line is wrong" to itself; BadParameter is one of them.
_UsageErrors = cast(type[typer.BadParameter], typer.BadParameter.__mro__[2])

PROGRAM = "cryoprobe"
PATIENT_WITHIN_S = 5.0
"""How long a simulated patient may take to say what it feels."""

# Typer answers Ctrl-C with this, and says nothing.
_CTRL_C = 130

app = typer.Typer(
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Cryoprobe Console. For development, teaching and research; not a cleared medical device.",
)

Records = Annotated[Path | None, typer.Option("--records", help="Folder of the records.")]
Limits = Annotated[
    Path | None,
    typer.Option("--limits", help="The site's own limits; without it the usual file."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]

commands.register(app)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Runs the command line and exits: 0 done and good, 1 done and bad, 2 cannot run."""
    given = sys.argv[1:] if arguments is None else arguments
    any_terminal()
    try:
        code = _run(given)
    except BrokenPipeError:
        reader_gone()
        code = 1
    sys.exit(code)


def _run(given: list[str]) -> int:
    for number, each in enumerate(given, 1):
        if not _is_text(each):
            say(f"argument {number}, {each}: this is not text in UTF-8")
            return 2
    if given[:1] == ["simulate"]:
        from simulator.options import main as simulate_main

        return simulate_main(given[1:])
    try:
        code = _command()(given, prog_name=PROGRAM, standalone_mode=False)
        if code == _CTRL_C:
            raise KeyboardInterrupt
    except _UsageErrors as error:
        say(error.format_message())
        return 2
    except config.ConfigError as error:
        say(str(error))
        return 2
    except (typer.Abort, KeyboardInterrupt):
        say("interrupted")
        return 1
    return code if isinstance(code, int) else 0


def _command() -> Any:
    return with_whole_help(typer.main.get_command(app))


def _is_text(argument: str) -> bool:
    try:
        argument.encode()
    except UnicodeEncodeError:  # bytes that are no UTF-8 come as lone surrogates
        return False
    return True


def _print_version(asked: bool) -> None:
    if asked:
        from console.control.opening import program

        print(program())
        raise typer.Exit(0)


@app.callback(invoke_without_command=True)
def _window(
    context: typer.Context,
    port: Annotated[str | None, typer.Option(help="Open connected to this port.")] = None,
    records: Records = None,
    limits: Limits = None,
    theme: Annotated[
        str | None, typer.Option(help="dark or light; without it the one chosen last.")
    ] = None,
    language: Annotated[
        str, typer.Option(help="en; or pseudo, a made-up one that shows what is not translatable.")
    ] = "en",
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print it, end."),
    ] = False,
) -> Any:
    """Opens the application; with --port connected to it."""
    if context.invoked_subcommand is not None:
        if port is not None:
            cannot(f"--port belongs after the command: {context.invoked_subcommand}")
        return None
    from console.display import missing_display

    worn = _theme(theme)
    if limits is not None or config.limits_path().exists():
        config.limits_in_force(limits)  # the control process reads them: here they are only checked
    if port is not None:
        port = port_named(port)
    reason = missing_display()
    if reason is not None:
        cannot(f"{reason}: a window needs one; without it use: cryoprobe run PLAN.toml")
    from console.ui.kit.language import LANGUAGES

    if language not in LANGUAGES:
        there = " or ".join(LANGUAGES)
        cannot(f"--language {language}: there is none of this name; choose {there}")
    # To look for garbage in what is being imported is a tenth of the start; the application does it
    # by itself, on its main thread.
    gc.disable()
    from console.window import open_window

    raise typer.Exit(open_window(port, records, worn, language, limits))


def _theme(name: str | None) -> "Theme | None":
    if name is None:
        return None
    from console.preferences import THEMES

    for theme in THEMES:
        if theme == name:
            return theme
    cannot(f"--theme {name}: there is none of this name; choose {' or '.join(THEMES)}")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def simulate() -> None:
    """Runs the simulated console by itself; cryoprobe simulate --help lists its options."""


@app.command()
def manual() -> None:
    """Prints this help as a page for man: cryoprobe manual | man -l -"""
    from console.control.opening import program
    from console.manual import page
    from simulator.options import parser

    print(page(_command(), PROGRAM, parser().format_help(), program()), end="")


@app.command()
def run(
    plan: Annotated[Path, typer.Argument(help="The plan, a TOML file.")],
    port: Annotated[str | None, typer.Option(help="Console to run on; default sim://n2o.")] = None,
    records: Records = None,
    operator: Annotated[str, typer.Option(help="Initials of the operator.")] = "",
    case: Annotated[str, typer.Option(help="Number of the case; no name of a patient.")] = "",
    limits: Limits = None,
    report: Annotated[
        bool, typer.Option("--report", help="Leave the report, a PDF, beside the journal.")
    ] = False,
    control: Annotated[
        Path | None,
        typer.Option(
            metavar="LINK",
            help="Of a simulator that runs already: its control file, by which a plan with "
            "[stimulation] hears its patient and one with several sites has the probe placed.",
        ),
    ] = None,
    json: Json = False,
) -> Any:
    """Runs a whole procedure without a window, on a simulated console."""
    from console import headless
    from console.progress import RunProgress

    chosen = config.plan(plan)
    in_force = config.limits_in_force(limits)
    operator = words_given("--operator", operator, Line(LONGEST_INITIALS))
    case = words_given("--case", case, Line(LONGEST_CASE))
    if port is None:
        port = "sim://n2o"
        print("No --port: using the simulator, sim://n2o, at life speed.", file=sys.stderr)
    port = port_named(port)
    try:
        with RunProgress(chosen) as progress:
            result = headless.run(
                chosen,
                port,
                records=records,
                initials=operator,
                case=case,
                progress=progress,
                control=control,
                open_channel=_patient_channel,
                limits=in_force,
            )
    except headless.CannotRunError as error:
        cannot(str(error))
    if report and result["journal"] is not None:
        result["report"] = commands.records.leave_report(Path(result["journal"]).parent)
    if json:
        print_json(result)
    else:
        print(headless.as_text(result))
    good = result["outcome"] == "completed" and result.get("report", "") is not None
    raise typer.Exit(0 if good else 1)


def _patient_channel(link: Path) -> "Control":
    from simulator.control_client import Control

    return Control(link, within_s=PATIENT_WITHIN_S)


@app.command()
def doctor(json: Json = False, records: Records = None) -> Any:
    """Checks graphics, ports, permissions, disk and versions, in words with the fix."""
    from console import doctor as checks

    found = checks.examine(records)
    if json:
        print_json(found)
    else:
        print(checks.as_text(found))
    raise typer.Exit(0 if checks.healthy(found) else 1)
