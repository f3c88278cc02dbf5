"""A real S3 server on loopback (SeaweedFS), for the tests of storage: it checks signatures, and forgets all at the end."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

ACCESS, SECRET, BUCKET = "kontor-key", "kontor/secret", "files"
WEED = Path(sys.executable).parent / "weed"
PATIENCE = 60.0
"""Seconds until the server answers, on a busy machine."""


@contextmanager
def s3_server(folder: Path) -> Iterator[str]:
    """Start one with an empty bucket; its address as KONTOR_FILES_URL wants it, without the folder in the bucket."""
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": ACCESS, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    master, volume, filer, s3 = _free_ports(4)
    options = {
        "dir": folder, "ip": "127.0.0.1", "ip.bind": "127.0.0.1", "master.port": master, "volume.port": volume,
        "filer.port": filer, "s3.port": s3, "s3.config": folder / "s3.json", "master.volumeSizeLimitMB": 32,
        "volume.max": 20, "s3.port.iceberg": 0, "s3.port.lance": 0,
    }  # fmt: skip
    command = [str(WEED), "server", "-filer", "-s3", *(f"-{name}={value}" for name, value in options.items())]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env={"HOME": str(folder)})
    try:
        _wait_for(f"http://127.0.0.1:{s3}/", process)
        httpx.post(f"http://127.0.0.1:{filer}/buckets/{BUCKET}/", trust_env=False).raise_for_status()
        yield f"s3+http://{ACCESS}:{SECRET.replace('/', '%2F')}@127.0.0.1:{s3}/{BUCKET}"
    finally:
        process.kill()  # it would tidy up for half a minute what is thrown away
        process.wait(20)


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            httpx.get(address, timeout=2, trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError("the S3 server does not start")


def _free_ports(count: int) -> list[int]:
    """Ports that are free, and free 10,000 above, where the server speaks to itself."""
    found: list[int] = []
    for port in range(21_000, 40_000, 7):
        with closing(socket.socket()) as one, closing(socket.socket()) as other:
            try:
                one.bind(("127.0.0.1", port))
                other.bind(("127.0.0.1", port + 10_000))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            break
    return found
