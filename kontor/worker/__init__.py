"""The process beside the web server: delivers events to their reactions, sends mails, does what is due by the clock.

`python -m kontor.worker` and `kontor worker` start one; several may run at once and share the work.
"""

import os
from importlib import import_module
from typing import Any


def main() -> None:
    """Set up Django and work until SIGTERM or Ctrl-C."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kontor.settings")
    import_module("django").setup()
    # models may be imported only now
    import_module("kontor.worker.process").work()


def ready(app: Any) -> None:
    """Give procrastinate our tasks; `settings.PROCRASTINATE_ON_APP_READY` names this, for web and worker alike."""
    import_module("kontor.worker.jobs").register(app)
