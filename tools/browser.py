"""The Chromium that walks the journeys: found, or installed, and never done without in silence."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools import system_packages

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> Path | None:
    """KONTOR_TEST_BROWSER, else one on PATH, else the one that Playwright installed."""
    if chosen := os.environ.get("KONTOR_TEST_BROWSER"):
        return Path(chosen)
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


def ensure() -> bool:
    """Say which browser there is; install one when there is none."""
    found = find()
    if found is None and system_packages.install("chromium"):
        found = find()
    if found is None:
        print("Installing Playwright's own Chromium", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
        found = find()
    if found is None:
        print(
            "There is no Chromium, and none could be installed, so the browser journeys cannot run.\n"
            "Install one (Debian: apt-get install chromium), or name it in KONTOR_TEST_BROWSER."
        )
        return False
    print(found)
    return True
