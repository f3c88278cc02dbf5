"""Which requirements a test proves: the numbers of docs/reference/requirements.md against `covers` markers in tests.

The markers are read from the source, so that nothing has to run. A marker with a number that is not in the list is
an error; a requirement without a test is only listed, for the product grows towards the list.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINE = re.compile(r"^- (R\d+\.\d+) (.+)$", re.MULTILINE)


def requirements(text: str) -> dict[str, str]:
    """Number to sentence, in the order of the list."""
    return dict(LINE.findall(text))


def markers(source: str) -> Iterator[str]:
    """The numbers in all `covers("R0.1", ...)` calls of a test file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "covers":
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def coverage(tests: Path) -> dict[str, list[Path]]:
    """Number to the test files that name it."""
    found: defaultdict[str, list[Path]] = defaultdict(list)
    for path in sorted(tests.rglob("test_*.py")):
        for number in dict.fromkeys(markers(path.read_text())):
            found[number].append(path)
    return dict(found)


def main(arguments: list[str]) -> int:
    wanted = requirements((ROOT / "docs/reference/requirements.md").read_text())
    found = coverage(ROOT / "tests")
    unknown = sorted(set(found) - set(wanted))
    for number in unknown:
        print(
            f"{', '.join(str(path.relative_to(ROOT)) for path in found[number])}: there is no requirement {number}"
        )
    covered = [number for number in wanted if number in found]
    for chapter in dict.fromkeys(number.split(".")[0] for number in wanted):
        own = [number for number in wanted if number.split(".")[0] == chapter]
        proven = [number for number in own if number in found]
        missing = [number for number in own if number not in found]
        print(f"{chapter}: {len(proven)} of {len(own)} have a test. Without: {', '.join(missing) or 'none'}")
    print(f"Requirements: {len(covered)} of {len(wanted)} have a test.")
    if "--list" in arguments:
        for number, sentence in wanted.items():
            files = ", ".join(str(path.relative_to(ROOT)) for path in found.get(number, []))
            print(f"  {number:6} {sentence}\n         {files or '(no test)'}")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
