"""The key that signs sessions and links, where the operator has set none: made once, kept in the folder for data."""

import os
import secrets
from pathlib import Path


def kept_secret(home: Path) -> str:
    """The key in `home/secret_key`, made on first use; of several processes that race, one wins and all read it.

    Raises OSError when it cannot be kept there.
    """
    path = home / "secret_key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        draft = home / f"secret_key.{os.getpid()}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
