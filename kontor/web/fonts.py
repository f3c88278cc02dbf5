"""Where the packaged typeface lies: IBM Plex Sans (SIL Open Font License), whose figures all have one width."""

from importlib.util import find_spec
from pathlib import Path

PACKAGE = "fontpkg_ibm_plex_sans"


def folder() -> Path:
    """The folder with the font files, for STATICFILES_DIRS. Raises ModuleNotFoundError when it is not installed."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{PACKAGE} is not installed; run `make setup`")
    return Path(spec.origin).parent / "files"
