"""The address of S3-compatible storage, as operators write it into KONTOR_FILES_URL."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

SCHEMES = {"s3": "https", "s3+http": "http"}
FORM = "s3://ACCESS_KEY:SECRET@host/bucket/folder?region=eu-central-1"


@dataclass(frozen=True, slots=True)
class S3Address:
    """`endpoint` is the server as https://host:port; without keys, those of the environment or the machine count."""

    endpoint: str
    bucket: str
    folder: str
    region: str
    access_key: str = ""
    secret_key: str = field(default="", repr=False)


def s3_address(url: str) -> S3Address:
    """The address taken apart. Raises ValueError with a sentence that never repeats the secret.

    >>> s3_address("s3://key:se%2Fcret@[::1]:9000/files/shop")
    S3Address(endpoint='https://[::1]:9000', bucket='files', folder='shop', region='us-east-1', access_key='key')
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(f"it must look like {FORM}") from None
    bucket, _slash, folder = parts.path.strip("/").partition("/")
    options = parse_qs(parts.query)
    if parts.scheme not in SCHEMES or not host or not bucket or set(options) - {"region"}:
        raise ValueError(f"it must look like {FORM}, or s3+http:// inside a network of one's own")
    if bool(parts.username) != bool(parts.password):
        raise ValueError(f"the access key or its secret is missing; it must look like {FORM}")
    place = f"[{host}]" if ":" in host else host
    return S3Address(
        endpoint=f"{SCHEMES[parts.scheme]}://{place}" + (f":{port}" if port else ""),
        bucket=bucket,
        folder=folder,
        region=options.get("region", ["us-east-1"])[-1],
        access_key=unquote(parts.username or ""),
        secret_key=unquote(parts.password or ""),
    )
