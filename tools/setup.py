"""Make or refresh `.venv` from requirements.lock. Standard library only: it runs before anything is installed.

Nothing is done when the lock file, the project file and the Python version are those of the last time. Packages are
installed by uv, which is itself installed with the hashes of the lock file, or by pip where uv cannot be had.
"""

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "kontor.stamp"
PYTHON = VENV / "bin" / "python"


class SetupFailed(Exception):
    """A step failed; the text is what the operator sees."""


def main() -> int:
    if sys.version_info < (3, 11):
        print(
            f"Kontor needs Python 3.11 or newer; this is {sys.version.split()[0]}. Say PYTHON=python3.12, for example."
        )
        return 1
    if STAMP.exists() and STAMP.read_text() == fingerprint():
        return 0
    try:
        set_up()
    except SetupFailed as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    return 0


def fingerprint() -> str:
    """What the environment depends on, as one text."""
    digest = hashlib.sha256(sys.version.encode() + str(ROOT).encode())
    for path in (LOCK, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def set_up() -> None:
    if not works(PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"):
        with step("Making the virtual environment .venv"):
            make_environment()
    with step("Installing uv, the package installer"):
        uv = install_uv()
    if uv:
        with step("Installing the packages of requirements.lock"):
            run(
                str(VENV / "bin" / "uv"),
                "pip",
                "sync",
                "--quiet",
                "--require-hashes",
                "--python",
                str(PYTHON),
                str(LOCK),
            )
        with step("Installing Kontor itself, in place"):
            own = ("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
            run(str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--python", str(PYTHON), *own)
    else:
        with step("Installing the packages of requirements.lock with pip, for want of uv"):
            run(*pip(), "install", "--quiet", "--require-hashes", "--requirement", str(LOCK))
        with step("Installing Kontor itself, in place"):
            run(*pip(), "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    STAMP.write_text(fingerprint())


def make_environment() -> None:
    """With pip inside where Python can; Debian's needs a package for that, so the outer pip is used otherwise."""
    if works(sys.executable, "-m", "venv", "--clear", str(VENV)):
        return
    run(sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV))


def pip() -> tuple[str, ...]:
    if works(PYTHON, "-m", "pip", "--version"):
        return (str(PYTHON), "-m", "pip", "--disable-pip-version-check")
    return (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(PYTHON))


def install_uv() -> bool:
    """Install uv as the lock file pins it. False when that is not possible here."""
    wanted = pinned("uv")
    if works(VENV / "bin" / "uv", "--version"):
        return True
    pins = VENV / "uv.lock.txt"
    pins.write_text(wanted)
    return works(*pip(), "install", "--quiet", "--require-hashes", "--requirement", pins)


def pinned(name: str) -> str:
    """The lines of the lock file about one package."""
    lines = LOCK.read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{name}=="))
    end = start + 1
    while end < len(lines) and lines[end].startswith("    --hash"):
        end += 1
    return "\n".join(lines[start:end]) + "\n"


def works(*command: str | Path) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run(*command: str | Path) -> None:
    try:
        finished = subprocess.run(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
    except OSError as problem:
        raise SetupFailed(f"{command[0]} cannot be run: {problem.strerror}.") from None
    if finished.returncode:
        shown = " ".join(str(part) for part in command)
        raise SetupFailed(
            f"This failed: {shown}\n{finished.stdout.strip()}\nCorrect the cause and say the same again."
        )


@contextmanager
def step(text: str) -> Iterator[None]:
    print(f"  {text} ... ", end="", flush=True)
    start = time.monotonic()
    yield
    print(f"{time.monotonic() - start:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
