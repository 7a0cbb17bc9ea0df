"""The modules of the package import each other in one direction, those for type checkers included."""

import ast
import graphlib
from pathlib import Path

import etcp_mock


def test_no_module_imports_itself_by_way_of_others():
    of = {}
    for file in Path(etcp_mock.__file__).parent.glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        of[file.stem] = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module}
    assert "receiver" in of["testing"]
    graphlib.TopologicalSorter(of).prepare()  # CycleError names a circle
