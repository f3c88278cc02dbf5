"""The one exit to other machines, and the entrance for their answers.

A name is resolved once, here, and every address that it stands for must be public; the connection then goes to the
checked address, while certificate and Host header stay those of the name. So no answer of a name server that changes
after the check, no decimal or mapped spelling and no redirect leads into the operator's own network. Proxies of the
environment are not used. Time and size are limited in total, not per packet.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import httpcore
import httpx
from django.utils.translation import gettext as _

from kontor.kernel.entrances.problem import EntranceProblem

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")
OUR_HEADERS = frozenset(
    ("host", "content-length", "transfer-encoding", "connection", "te", "upgrade", "accept-encoding")
)


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """`seconds` for the whole exchange, `size` of the answer in bytes, `redirects` that a GET may follow.

    `private` are the host names and networks (as 10.1.0.0/16) inside the operator's own network that may be reached.
    """

    seconds: float = 15.0
    size: int = 5_000_000
    private: tuple[str, ...] = ()
    redirects: int = 0


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """`headers` have names in small letters; of a name that came twice, the last."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpQuestion:
    """What is asked: a method, an address of http or https, headers, and a body."""

    method: str = "GET"
    url: str
    headers: Mapping[str, str] | None = None
    body: bytes = b""


def ask(
    question: HttpQuestion, limits: HttpLimits = HttpLimits(), into: BinaryIO | None = None
) -> HttpAnswer:
    """Send it and return the answer, whatever its status, but for redirects.

    With `into` the body of a status 200 is written there as it comes and is not in the answer; other bodies are not
    read. Each address that a redirect names is checked like the first; from https none leads to http. Headers of the
    question are for the first machine only. Raises EntranceProblem: address, private_address, unknown_host,
    unreachable, certificate, too_slow, too_big, redirected, not_http.
    """
    url, backend = checked_url(question.url), _CheckedBackend(limits)
    for _hop in range(limits.redirects + 1 if question.method == "GET" else 1):
        answer = _asked(question, url, backend, into)
        if answer.status == 304 or not 300 <= answer.status < 400:
            return answer
        following = checked_url(answer.headers.get("location", ""), url)
        if url.scheme == "https" != following.scheme or not answer.headers.get("location"):
            break
        url, question = following, HttpQuestion(url=str(following))
    raise EntranceProblem("redirected", _("The address leads on to another one. Give the final address."))


def _asked(
    question: HttpQuestion, url: httpx.URL, backend: "_CheckedBackend", into: BinaryIO | None
) -> HttpAnswer:
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    headers = [
        (b"host", url.netloc),
        (b"accept-encoding", b"identity"),
        (b"content-length", str(len(question.body)).encode()),
    ]
    for name, value in (question.headers or {}).items():
        if name.lower() not in OUR_HEADERS:
            headers.append((name.encode("ascii", "strict"), value.encode("latin-1", "strict")))
    try:
        with (
            httpcore.ConnectionPool(
                network_backend=backend, ssl_context=httpcore.default_ssl_context()
            ) as pool,
            pool.stream(question.method, target, headers=headers, content=question.body) as response,
        ):
            return _read(response, backend.limits, into)
    except httpcore.TimeoutException:
        raise _too_slow(backend.limits) from None
    except httpcore.ConnectError as problem:
        raise _unreachable(url.host, problem) from None
    except (httpcore.NetworkError, httpcore.ProtocolError, UnicodeEncodeError, OSError) as problem:
        text = _("%(host)s did not answer in proper HTTP: %(why)s.") % {"host": url.host, "why": problem}
        raise EntranceProblem("not_http", text) from None


def checked_url(text: str, beside: httpx.URL | None = None) -> httpx.URL:
    """The address taken apart, or what it means on the page `beside`; no user names in it, no other schemes."""
    try:
        url = beside.join(text) if beside else httpx.URL(text.strip())
    except (httpx.InvalidURL, ValueError, TypeError):
        raise EntranceProblem("address", _("This is not a web address.")) from None
    if url.scheme not in ("http", "https") or not url.host:
        raise EntranceProblem("address", _("A web address begins with https:// or http://."))
    if url.port is not None and not 0 < url.port < 65_536:
        raise EntranceProblem("address", _("Ports are numbers from 1 to 65535."))
    if url.userinfo:
        raise EntranceProblem("address", _("A web address must not have a user name or password in it."))
    return url.copy_with(fragment=None)


def resolve(host: str, port: int, private: tuple[str, ...] = ()) -> Address:
    """The address to connect to. Refused when only one of the name's addresses is not public."""
    name = host.rstrip(".").lower()
    try:
        addresses = [ipaddress.ip_address(found) for found in look_up(name, port)]
    except (OSError, UnicodeError):
        raise EntranceProblem(
            "unknown_host", _("There is no machine called %(host)s.") % {"host": host}
        ) from None
    if name not in private:
        networks = _networks(private)
        for address in addresses:
            if not is_public(address) and not any(address in network for network in networks):
                message = _("%(host)s is an address inside of this network. It is not called.") % {
                    "host": host
                }
                raise EntranceProblem("private_address", message)
    return addresses[0]


def look_up(name: str, port: int) -> list[str]:
    """Ask the name servers of this machine, once."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]).split("%")[0] for entry in found]


def is_public(address: Address) -> bool:
    """False for loopback, private, link-local, shared, multicast, reserved, and IPv6 that stands for such an IPv4."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner:
            return is_public(inner)
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _networks(names: tuple[str, ...]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    networks = []
    for name in names:
        try:
            networks.append(ipaddress.ip_network(name, strict=False))
        except ValueError:
            continue  # a host name
    return networks


def _read(response: httpcore.Response, limits: HttpLimits, into: BinaryIO | None) -> HttpAnswer:
    pieces: list[bytes] = []
    keep, size = into.write if into else pieces.append, 0
    is_read = response.status == 200 if into else not 300 <= response.status < 400
    for piece in response.iter_stream() if is_read else ():
        size += len(piece)
        if size > limits.size:
            most = {"most": limits.size // 1_000}
            raise EntranceProblem("too_big", _("The answer is larger than %(most)s kB.") % most)
        keep(piece)
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    return HttpAnswer(response.status, headers, b"".join(pieces))


def _too_slow(limits: HttpLimits) -> EntranceProblem:
    return EntranceProblem(
        "too_slow", _("No answer within %(seconds)s seconds.") % {"seconds": limits.seconds}
    )


def _unreachable(host: str, problem: Exception) -> EntranceProblem:
    if isinstance(problem.__cause__, ssl.SSLError) or "certificate" in str(problem).lower():
        return EntranceProblem("certificate", _("The certificate of %(host)s is not valid.") % {"host": host})
    return EntranceProblem("unreachable", _("%(host)s cannot be reached.") % {"host": host})


class _CheckedBackend(httpcore.NetworkBackend):
    """Connects to checked addresses only, with one deadline for all that follows."""

    def __init__(self, limits: HttpLimits) -> None:
        self.limits = limits
        self._deadline = time.monotonic() + limits.seconds
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        address = resolve(host, port, self.limits.private)
        left = remaining(self._deadline)
        return _DeadlineStream(
            self._network.connect_tcp(str(address), port, left, local_address, socket_options), self._deadline
        )


class _DeadlineStream(httpcore.NetworkStream):
    """Every wait ends at the deadline, however often a slow machine sends a byte."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, remaining(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, remaining(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, remaining(self._deadline))
        return _DeadlineStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def remaining(deadline: float) -> float:
    """Seconds until the deadline; raises the client's own timeout when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the deadline has passed")
    return left
