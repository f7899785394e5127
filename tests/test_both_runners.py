"""Every test is one for pytest and for trial: both find the same ones, and neither ignores what prepares them."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

TESTS = Path(__file__).parent

#: What only one of them knows, or each understands in a way of its own.
NAMES = {
    "setUpClass": "trial does not call it",
    "tearDownClass": "trial does not call it",
    "setUpModule": "trial does not call it",
    "tearDownModule": "trial does not call it",
    "addClassCleanup": "trial does not call what is added",
    "enterClassContext": "trial does not leave it",
    "addModuleCleanup": "trial does not call what is added",
    "enterModuleContext": "trial does not leave it",
    "setup_module": "only pytest calls it",
    "teardown_module": "only pytest calls it",
    "setup_class": "only pytest calls it",
    "teardown_class": "only pytest calls it",
    "setup_method": "only pytest calls it",
    "teardown_method": "only pytest calls it",
    "setup_function": "only pytest calls it",
    "teardown_function": "only pytest calls it",
    "pytestmark": "trial does not read it",
    "load_tests": "only unittest's own runner calls it",
    "testSuite": "only trial calls it",
    "runTest": "trial does not find it",
    "__test__": "trial does not read it",
    "expectedFailure": "trial takes it for a failure",
    "IsolatedAsyncioTestCase": "it brings an event loop that is no reactor",
}

#: Modules that belong into tests/pytest_only.
PYTEST = {"pytest", "pytest_twisted"}

_LIST = """
import unittest
from twisted.trial.runner import TestLoader
def show(tests):
    for test in tests:
        show(test) if isinstance(test, unittest.TestSuite) else print(test.id())
show(TestLoader().loadByName("tests", recurse=True))
"""

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def mistakes(source: str) -> list[str]:
    """Return what one of the runners would not honour in a module, each with its line."""
    tree = ast.parse(source)
    found = [(getattr(node, "lineno", 0), reason) for node, reason in (*_anywhere(tree), *_at_the_top(tree.body))]
    return [f"line {line}: {reason}" for line, reason in sorted(found)]


def _anywhere(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(tree):
        for name in _names(node):
            if name in NAMES:
                yield node, f"{name}: {NAMES[name]}"
            if name.partition(".")[0] in PYTEST:
                yield node, f"{name}: tests in pytest's own style belong into tests/pytest_only"
            if name == "unittest.TestCase":
                yield node, f"{name}: twisted.trial.unittest has the ones that fail for an unclean reactor"
        if isinstance(node, ast.ClassDef) and "SynchronousTestCase" in [_name(base) for base in node.bases]:
            for method in node.body:
                if isinstance(method, ast.AsyncFunctionDef) and method.name.startswith("test"):
                    yield method, f"{method.name}: nobody awaits it in a SynchronousTestCase"


def _names(node: ast.AST) -> list[str]:
    """Return the names that a node makes known or refers to."""
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        return [module, *(one.name for one in node.names), *(f"{module}.{one.name}" for one in node.names)]
    if isinstance(node, _Function | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Attribute):
        return [node.attr, f"{_name(node.value)}.{node.attr}"]
    if isinstance(node, ast.Name):
        return [node.id]
    return []


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _at_the_top(body: Iterable[ast.AST]) -> Iterator[tuple[ast.AST, str]]:
    """Look at what runs when the module is imported, in branches and handlers too."""
    for statement in body:
        if isinstance(statement, _Function):
            if statement.name.startswith("test"):
                yield statement, f"{statement.name}: trial finds methods of a TestCase only"
        elif isinstance(statement, ast.Raise):
            yield statement, "raise: what skips a module for pytest is an error to trial; raise SkipTest in setUp"
        elif not isinstance(statement, ast.ClassDef):
            yield from _at_the_top(ast.iter_child_nodes(statement))


class MistakesTests(SynchronousTestCase):
    def test_nothing_in_the_tests_is_ignored_by_one_runner(self) -> None:
        # In the one file that only pytest reads there may be hooks of pytest, but nothing that a test would rely on.
        files = [file for file in sorted(TESTS.rglob("*.py")) if "pytest_only" not in file.parts]
        files.remove(TESTS / "conftest.py")
        self.assertNotIn("fixture", (TESTS / "conftest.py").read_text("utf-8"))
        self.assertGreater(len(files), 100)
        found = [f"{file.relative_to(TESTS)} {one}" for file in files for one in mistakes(file.read_text("utf-8"))]
        self.assertEqual(found, [])

    def test_every_kind_of_mistake_is_seen(self) -> None:
        wrong = {
            "class T(TestCase):\n @classmethod\n def setUpClass(cls): pass": "setUpClass",
            "def tearDownModule(): pass": "tearDownModule",
            "class T(TestCase):\n def setUp(self): self.addClassCleanup(print)": "addClassCleanup",
            "import unittest\nunittest.addModuleCleanup(print)": "addModuleCleanup",
            "from unittest import expectedFailure": "expectedFailure",
            "import pytest": "pytest",
            "def f():\n from pytest_twisted import inlineCallbacks": "pytest_twisted",
            "import unittest\nclass T(unittest.TestCase): pass": "unittest.TestCase",
            "from unittest import TestCase": "unittest.TestCase",
            "class T(SynchronousTestCase):\n async def test_x(self): pass": "nobody awaits it",
            "class T(unittest.SynchronousTestCase):\n async def test_x(self): pass": "nobody awaits it",
            "class T(TestCase):\n __test__ = False": "__test__",
            "async def test_x(): pass": "methods of a TestCase only",
            "if True:\n def test_x(): pass": "methods of a TestCase only",
            "try:\n import redis\nexcept ImportError:\n raise SkipTest('no')": "raise",
        }
        for source, part in wrong.items():
            with self.subTest(source):
                self.assertIn(part, " ".join(mistakes(source)))

    def test_what_both_honour_is_left_alone(self) -> None:
        right = (
            "from twisted.trial.unittest import SkipTest, TestCase\n"
            "def missing():\n raise SkipTest('no')\n"
            "class T(TestCase):\n"
            " skip = 'no'\n timeout = 5\n"
            " def setUp(self): self.addCleanup(print)\n"
            " async def test_x(self): raise SkipTest('no')\n"
        )
        self.assertEqual(mistakes(right), [])


class CollectionTests(SynchronousTestCase):
    def listed(self, *arguments: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=TESTS.parent, capture_output=True, text=True, check=False
        )
        self.assertEqual(done.returncode, 0, done.stdout[-5000:] + done.stderr)
        return [line for line in done.stdout.splitlines() if line.startswith("tests")]

    def test_both_find_the_same_tests(self) -> None:
        options = ("--collect-only", "-q", "-p", "no:cacheprovider", "--ignore=tests/pytest_only")
        by_pytest = [
            one.replace(".py::", ".").replace("::", ".").replace("/", ".")
            for one in self.listed("-m", "pytest", *options, "tests")
        ]
        by_trial = self.listed("-c", _LIST)
        self.assertGreater(len(by_trial), 1000)
        self.assertEqual(len(by_trial), len(set(by_trial)))
        self.assertEqual(set(by_trial) ^ set(by_pytest), set())
        self.assertEqual(len(by_trial), len(by_pytest))
