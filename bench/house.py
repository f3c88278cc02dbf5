"""The product under test: an installation of its own with the demo, started and stopped around the measurements."""

import http.client
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent
HOME = Path(os.environ.get("KONTOR_BENCH_HOME", ROOT / "var" / "bench"))
PORT = int(os.environ.get("KONTOR_BENCH_PORT", "8199"))
KONTOR = str(Path(sys.executable).with_name("kontor"))


def environment() -> dict[str, str]:
    """Production settings but for https, which is the proxy's, and limits that no single client should meet."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KONTOR_")}
    return kept | {
        "KONTOR_HOME": str(HOME),
        "KONTOR_PORT": str(PORT),
        "KONTOR_DEBUG": "false",
        "KONTOR_LOG_LEVEL": "warning",
        "KONTOR_LOG_FORMAT": "json",
        **{f"KONTOR_LIMIT_{name}": "100000000" for name in ("BY_ACCOUNT", "BY_COMPANY", "BY_ADDRESS")},
        **{f"KONTOR_LIMIT_{name}": "100000" for name in ("SIGN_INS", "SIGN_INS_BY_ADDRESS")},
        "DJANGO_SETTINGS_MODULE": "kontor.settings",
    }


def prepare() -> None:
    """Tables, static files and the demo, the first time."""
    subprocess.run([KONTOR, "migrate"], env=environment(), check=True, stdout=subprocess.DEVNULL)
    marker = HOME / "demo-loaded"
    if not marker.exists():
        subprocess.run([KONTOR, "demo"], env=environment(), check=True)
        marker.touch()


@dataclass
class Server:
    """A web server and how to ask what it used."""

    process: "subprocess.Popen[bytes]"
    port: int

    def stop(self) -> None:
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=20)

    def processes(self) -> list[psutil.Process]:
        me = psutil.Process(self.process.pid)
        return [me, *me.children(recursive=True)]

    def memory(self) -> int:
        """Bytes resident in the largest process: the one that serves."""
        return max(process.memory_info().rss for process in self.processes())


def start_product() -> tuple[Server, float]:
    """The web server, and the seconds until its first page was there."""
    begun = time.monotonic()
    server = Server(subprocess.Popen([KONTOR, "web"], env=environment()), PORT)
    wait_for(PORT, "/")
    return server, time.monotonic() - begun


def start_bare() -> Server:
    """The same server with nothing behind it: a constant page."""
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"),
        *("--host", "127.0.0.1", "--port", str(PORT + 1), "--workers", "1", "--blocking-threads", "4"),
        "bench.bare:application",
    ]
    server = Server(subprocess.Popen(command, cwd=ROOT, env=environment()), PORT + 1)
    wait_for(PORT + 1, "/")
    return server


def wait_for(port: int, path: str) -> None:
    """Until the address answers; a minute at most."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError, http.client.HTTPException):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            line.request("GET", path, headers={"Host": "localhost"})
            if line.getresponse().status < 500:
                return
        time.sleep(0.05)
    raise SystemExit(f"nothing answers at port {port}")


def postgres() -> list[psutil.Process]:
    """The database server of this installation with all its processes."""
    pid = int((HOME / "pg" / "data" / "postmaster.pid").read_text().splitlines()[0])
    master = psutil.Process(pid)
    return [master, *master.children(recursive=True)]
