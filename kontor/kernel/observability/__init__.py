"""What an operator sees of a running installation: log lines and figures.

The figures of all processes, web and worker, are added up through files in a shared folder. The library decides when
it is first imported whether it uses them, so the folder is named here, before `metrics` can be reached.
"""

import os
from pathlib import Path

from django.conf import settings


def _folder() -> Path | None:
    """None where the home cannot be written to: then each process counts for itself."""
    folder = Path(settings.CONFIG.home / "metrics")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    return folder


FOLDER = _folder()
