"""The help as a page for `man`, and in whole sentences."""

from collections.abc import Iterator
from typing import Any

# Typer keeps the classes of its commands to itself: a command is known by what it can say.
Command = Any


def with_whole_help(command: Command) -> Command:
    """`command` whose lists of commands show the first sentence of each, not its beginning."""
    for each in getattr(command, "commands", {}).values():
        each.short_help = " ".join((each.help or "").split("\n\n")[0].split())
        with_whole_help(each)
    return command


def page(command: Command, name: str, simulate_help: str, version: str) -> str:
    """The manual of `command` and all below it, in the format of man(7)."""
    context = command.make_context(name, ["--help"], resilient_parsing=True)
    lines = [
        f'.TH {name.upper()} 1 "" "{_roff(version)}" "User commands"',
        ".SH NAME",
        f"{name} \\- run a cryoneurolysis probe from a gas console or its simulator",
        ".SH DESCRIPTION",
        _roff(command.help or ""),
        ".SH OPTIONS",
        *_parameters(command, context),
        ".SH COMMANDS",
        *_commands(command, context, name),
        ".SH SIMULATE",
        ".nf",
        *(_roff(line) for line in simulate_help.splitlines()),
        ".fi",
        ".SH EXIT STATUS",
        "0 done and good, 1 done and bad (a check failed), 2 cannot run: one line says why.",
    ]
    return "\n".join(lines) + "\n"


def _commands(group: Command, context: Any, name: str) -> Iterator[str]:
    for each in group.commands.values():
        if each.hidden:
            continue
        called = f"{name} {each.name}"
        inner = type(context)(each, info_name=each.name, parent=context)
        usage = " ".join(each.collect_usage_pieces(inner))
        yield f'.SS "{_roff(called)} {_roff(usage)}"'
        yield _roff(" ".join((each.help or "").split()))
        if getattr(each, "commands", None):
            yield from _commands(each, inner, called)
        else:
            yield from _parameters(each, inner)


def _parameters(command: Command, context: Any) -> Iterator[str]:
    for each in command.get_params(context):
        record = each.get_help_record(context)
        if record is not None:
            yield from (".TP", f".B {_roff(record[0])}", _roff(record[1]) or "\\&")


def _roff(text: str) -> str:
    """Text that man takes as it is."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    return f"\\&{escaped}" if escaped[:1] in (".", "'") else escaped
