"""Arrows between the packages: `hawadith` <- `hawadith_evaluation` <- `hawadith_training`, and a base that holds no torch."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = ("torch", "transformers", "datasets", "sklearn", "scipy", "pandas", "evaluate")


def imported_modules(statement: str) -> set[str]:
    """Top-level names in `sys.modules` after a statement in a fresh process."""
    code = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "statement", ["import hawadith", "import hawadith.cli", "from hawadith.cli import build_app; build_app()"]
)
def test_base_package_imports_nothing_heavy(statement: str) -> None:
    loaded = imported_modules(statement)
    assert "hawadith" in loaded
    assert loaded.isdisjoint({*HEAVY, "openvino"})


def test_evaluation_package_imports_no_torch() -> None:
    # `hawadith_evaluation.metric` is left out: `evaluate` itself imports torch wherever it is installed.
    loaded = imported_modules("import hawadith_evaluation.metrics, hawadith_evaluation.calibration")
    assert "scipy" in loaded
    assert loaded.isdisjoint({"torch", "transformers", "hawadith_training"})


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        ("inference", {*HEAVY, "hawadith_evaluation", "hawadith_training"}),
        ("evaluation", {"torch", "transformers", "hawadith_training"}),
    ],
)
def test_no_file_imports_against_the_arrows(folder: str, forbidden: set[str]) -> None:
    offenders = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / folder).rglob("*.py")
        for name in _imports(path) & forbidden
    }
    assert offenders == set()


def test_no_label_id_stands_in_python_code() -> None:
    ids = ("arms_smuggling", "landmine_casualties", "militia_collusion", "drug_smuggling")
    offenders = {
        f"{path.relative_to(ROOT)}: {node.value!r}"
        for folder in ("inference", "evaluation", "training")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value in ids
    }
    assert offenders == set()


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names
