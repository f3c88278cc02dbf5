"""Debian packages that a check needs, installed where this user may."""

import os
import shutil
import subprocess


def install(*names: str) -> bool:
    """Install by apt as root or through sudo without a password. False where that is not possible."""
    if not shutil.which("apt-get"):
        return False
    if os.geteuid() == 0:
        prefix = []
    elif (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        prefix = ["sudo", "-n"]
    else:
        return False
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = [*prefix, "apt-get", "install", "-y", "--no-install-recommends", *names]
    print(f"Installing {', '.join(names)} through apt", flush=True)
    if subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0:
        return True
    subprocess.run([*prefix, "apt-get", "update"], env=environment, capture_output=True, check=False)
    finished = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if finished.returncode:
        print(finished.stdout.decode(errors="replace")[-2000:])
    return finished.returncode == 0
