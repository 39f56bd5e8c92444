"""The changes to try: every place of a module's functions that mutmut knows how to change, one at a
time, each as new code for the function that it is in."""

import difflib
import importlib
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import libcst as cst
import msgspec
from mutmut.mutation.file_mutation import Mutation, create_mutations, deep_replace

ROOT = Path(__file__).parents[2]


class Change(msgspec.Struct, frozen=True):
    """One change. `was` and `now`: the lines that differ, stripped and joined; they name it, with
    its module and function, as long as the line stays as it is."""

    module: str  # as a path from the root of the repository
    function: str  # with its class
    was: str
    now: str
    source: str  # of the changed function alone, with nothing around it

    @property
    def name(self) -> tuple[str, str, str, str]:
        """What tells it from the others."""
        return self.module, self.function, self.was, self.now


def changes_of(module: str) -> list[Change]:
    """All changes of the module at this path."""
    # mutmut leaves out whatever is decorated; a property is as good as any function here.
    code = (ROOT / module).read_text(encoding="utf-8").replace("@property\n", "\n")
    tree, mutations, _, _ = create_mutations(module, code)
    owners = {f: name for name, f in _functions(tree)}
    found = []
    for mutation in mutations:
        function = mutation.contained_by_top_level_function
        if function in owners:
            found.append(_change(module, tree, owners[function], function, mutation))
    return found


def _functions(tree: cst.Module) -> Iterator[tuple[str, cst.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, cst.FunctionDef):
            yield node.name.value, node
        elif isinstance(node, cst.ClassDef):
            for inner in node.body.body:
                if isinstance(inner, cst.FunctionDef):
                    yield f"{node.name.value}.{inner.name.value}", inner


def _change(
    module: str, tree: cst.Module, name: str, function: cst.FunctionDef, mutation: Mutation
) -> Change:
    plain = function.with_changes(leading_lines=[])
    changed = deep_replace(plain, mutation.original_node, mutation.mutated_node)
    assert isinstance(changed, cst.FunctionDef)
    before, after = tree.code_for_node(plain), tree.code_for_node(changed)
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))
    was = " ".join(line[1:].strip() for line in lines[2:] if line.startswith("-"))
    now = " ".join(line[1:].strip() for line in lines[2:] if line.startswith("+"))
    return Change(module, name, was, now, after)


def function_of(module: str, name: str) -> types.FunctionType:
    """The function as it is imported: the one object that everyone calls."""
    found: Any = importlib.import_module(module.removesuffix(".py").replace("/", "."))
    *owner, last = name.split(".")
    for part in owner:
        found = getattr(found, part)
    found = vars(found)[last]
    found = getattr(found, "fget", found)
    assert isinstance(found, types.FunctionType), f"{module}: {name} is no plain function"
    return found


def make(change: Change) -> None:
    """Puts the change into the running program: whoever holds the function has the changed one."""
    function = function_of(change.module, change.function)
    made: dict[str, Any] = {}
    code = compile(change.source, f"<{change.module}, changed>", "exec")
    exec(code, function.__globals__, made)
    (new,) = made.values()
    function.__code__ = new.__code__
    function.__defaults__ = new.__defaults__
    function.__kwdefaults__ = new.__kwdefaults__
