"""Which blocks of the judge a text reaches, told to atheris at the price of the text itself.

atheris calls itself at the beginning of every block, which takes longer than most blocks do. Here

* a block is put into a set, and atheris is told of the set after each text: what counts is that a block was reached,
  not how often, or a loop that takes long would count as a discovery;
* what many texts have reached is no news any more: from time to time such blocks are made to tell nothing, and a
  function of which all are known is as it was written.
"""

from __future__ import annotations

import gc
from collections import Counter
from dataclasses import dataclass
from importlib import import_module
from pkgutil import walk_packages
from types import CodeType, FunctionType, ModuleType
from typing import Any

import atheris
from atheris.instrument_bytecode import Instrumentor

KNOWN = 250
"""Times after which a block is no news; atheris itself does not count rare what it has met 255 times."""
FIRST = 1_000
"""Texts after which known blocks are looked for, and again after twice as many, and so on."""
_ELSEWHERE = ("grading.algebra_worker",)  # runs in a process of its own


class Coverage:
    """Instruments every function of a package; at most one object at a time."""

    def __init__(self, package: ModuleType) -> None:
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if module.name not in _ELSEWHERE:
                import_module(module.name)
        self.reached: set[int] = set()
        self.times: Counter[int] = Counter()
        self.texts = 0
        self._block_of: dict[tuple[CodeType, int], int] = {}
        self._functions = [_Function(function, function.__code__) for function in _functions(package.__name__)]
        self._note = self.reached.add
        self._tell = atheris._trace_branch
        self._instrument()

    def begin(self) -> None:
        """Forget what was reached since the last text: it was reached by making the next one."""
        if atheris._trace_branch is not self._note:  # atheris sets it anew when its run begins
            self._tell, atheris._trace_branch = atheris._trace_branch, self._note
        self.reached.clear()

    def end(self) -> bool:
        """Tell atheris which blocks the text has reached; whether any of them was never reached before."""
        new = any(block not in self.times for block in self.reached)
        for block in self.reached:
            self._tell(block)
        self.times.update(self.reached)
        self.reached.clear()
        self.texts += 1
        if self.texts % FIRST == 0 and (self.texts // FIRST).bit_count() == 1:
            self._instrument()
        return new

    def block(self, code: CodeType, place: int) -> int | None:
        """The number of a block, or None if it is known."""
        where = code, place
        if where not in self._block_of:
            self._block_of[where] = atheris._reserve_counter()
        number = self._block_of[where]
        return None if self.times[number] >= KNOWN else number

    def _instrument(self) -> None:
        known = {block for block, times in self.times.items() if times >= KNOWN}
        for each in self._functions:
            if each.blocks is None or each.blocks & known:
                each.blocks = set()
                each.function.__code__ = self._instrumented(each.written, each.blocks)

    def _instrumented(self, code: CodeType, blocks: set[int]) -> CodeType:
        """The code with what tells of its blocks; these are added to the set."""
        writer = _Writer(code, self)
        writer.trace_control_flow()
        blocks |= writer.told
        changed = bool(writer.told)
        for place, constant in enumerate(writer.consts):
            if isinstance(constant, CodeType):
                writer.consts[place] = self._instrumented(constant, blocks)
                changed = changed or writer.consts[place] is not constant
        return writer.to_code() if changed else code


@dataclass
class _Function:
    """A function. written: its code as it was. blocks: those that it tells of, None before it tells of any."""

    function: FunctionType
    written: CodeType
    blocks: set[int] | None = None


class _Writer(Instrumentor):
    """Writes into a code object what tells of its blocks, except for those that are known."""

    def __init__(self, code: CodeType, coverage: Coverage) -> None:
        super().__init__(code)
        self.coverage = coverage
        self.told: set[int] = set()
        self._own = code
        self._places = {instruction: place for place, instruction in enumerate(self.instructions)}
        self._next = 0

    def _generate_trace_branch_invocation(self, copyfrom_instruction: Any) -> list[Any]:
        block = self.coverage.block(self._own, self._places[copyfrom_instruction])
        if block is None:
            return []
        self.told.add(block)
        self._next = block
        return list(super()._generate_trace_branch_invocation(copyfrom_instruction))

    def _get_counter(self) -> int:
        self.consts.append(self._next)
        return len(self.consts) - 1

    def _insert_at(self, to_insert: list[Any], target: Any) -> None:
        if to_insert:
            super()._insert_at(to_insert, target)


def _functions(package: str) -> list[FunctionType]:
    """All that were made by importing the package, with methods, and with what a cache or a property holds."""
    found = [thing for thing in gc.get_objects() if isinstance(thing, FunctionType)]
    return [f for f in found if (f.__module__ or "").split(".")[0] == package and f.__code__.co_filename[0] != "<"]
