"""What can be reached: the processes, from where they may be, and the public address."""

from __future__ import annotations

import datetime as dt
import json
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.operations.findings import Finding, bad, good, mind
from bot.settings import Settings

_SECONDS = 5.0
_CERTIFICATE_DAYS = 14
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what a person may have set


def look_at_processes(settings: Settings) -> Iterator[Finding]:
    """Findings about gateway, Rasa and actions as they run now."""
    host = _EVERYWHERE.get(settings.host, settings.host)
    said = _readyz(f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/readyz")
    if said is None:
        taken = listens(host, settings.port)
        yield bad(
            f"Cổng {settings.port} có chương trình khác đang dùng"
            if taken
            else f"An Sinh không chạy ở cổng {settings.port}",
            "Dừng chương trình ấy hoặc đổi ANSINH_PORT."
            if taken
            else "Chạy make run, hoặc systemctl start ansinh.target",
        )
    else:
        for part, state in said.get("parts", {}).items():
            yield (
                good(f"Phần {part} làm việc")
                if state == "ok"
                else bad(f"Phần {part}: {state}", "Xem docs/huong-dan/van-hanh/su-co.md, mục Một phần ngừng làm việc.")
            )
        for channel, state in said.get("channels", {}).items():
            if state not in {"ok", "not set up"}:
                yield bad(f"Kênh {channel}: {state}", "Xem docs/huong-dan/noi-zalo.md")
    yield from _private(settings)


def look_at_public_address(settings: Settings, now: dt.datetime) -> Iterator[Finding]:
    """Findings about how citizens come in."""
    if settings.today is not None:
        yield bad(
            f"ANSINH_TODAY đang đặt là {settings.today}", "Bỏ đi khi phục vụ thật: mọi câu trả lời theo ngày này."
        )
    address = urlsplit(settings.public_url)
    if not settings.public_url:
        yield mind("Chưa đặt ANSINH_PUBLIC_URL", "Đặt địa chỉ https mà người dân dùng; Zalo cần địa chỉ này.")
        return
    if address.scheme != "https":
        yield bad(f"ANSINH_PUBLIC_URL là {settings.public_url}, không mã hóa", "Dùng https, xem chung-thu.md.")
        return
    if settings.trusted_proxies == 0:
        yield bad(
            "Đứng sau máy chủ proxy nhưng ANSINH_TRUSTED_PROXIES là 0",
            "Đặt ANSINH_TRUSTED_PROXIES=1, nếu không mọi người dân bị tính là một địa chỉ.",
        )
    yield certificate(address.hostname or "", address.port or 443, now)


def look_at_zalo(settings: Settings) -> Iterator[Finding]:
    """Findings about the settings of both Zalo channels: all of one, or none."""
    groups = {
        "Zalo OA": ("zalo_app_id", "zalo_app_secret", "zalo_oa_secret"),
        "Zalo Bot": ("zalo_bot_token", "zalo_bot_secret"),
    }
    for channel, names in groups.items():
        missing = [f"ANSINH_{name.upper()}" for name in names if not getattr(settings, name)]
        if len(missing) == len(names):
            continue
        if missing:
            yield bad(f"{channel}: thiếu {', '.join(missing)}", "Đặt đủ, xem docs/huong-dan/noi-zalo.md")
        elif not settings.public_url:
            yield bad(f"{channel} cần ANSINH_PUBLIC_URL", "Đặt địa chỉ https đã khai với Zalo.")
        else:
            yield good(f"{channel}: đủ thiết lập")


def certificate(host: str, port: int, now: dt.datetime, trust: ssl.SSLContext | None = None) -> Finding:
    """How long the certificate at an address still holds."""
    how = "Xem docs/huong-dan/van-hanh/chung-thu.md"
    try:
        with (
            socket.create_connection((host, port), timeout=_SECONDS) as raw,
            (trust or ssl.create_default_context()).wrap_socket(raw, server_hostname=host) as connection,
        ):
            found = connection.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        return bad(f"Chứng thư của {host} không hợp lệ: {error.verify_message}", how)
    except OSError as error:
        return mind(f"Từ máy này không vào được {host}:{port} ({error.strerror or type(error).__name__})", how)
    ends = dt.datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found["notAfter"])), dt.UTC)
    days = (ends - now).days
    if days < _CERTIFICATE_DAYS:
        return bad(f"Chứng thư của {host} còn {days} ngày", how)
    return good(f"Chứng thư của {host} còn {days} ngày")


def _private(settings: Settings) -> Iterator[Finding]:
    """Rasa, actions and metrics must not answer at an address that others can reach."""
    own = own_address()
    if own is None:
        return
    ports = {"Rasa": settings.rasa_port, "actions": settings.actions_port}
    if settings.metrics_host:
        ports["Số đo (metrics)"] = settings.metrics_port
    for name, port in ports.items():
        if listens(own, port):
            yield bad(f"{name} trả lời cả ở {own}:{port}", "Chỉ cho nghe ở 127.0.0.1, hoặc chặn cổng này từ bên ngoài.")


def own_address() -> str | None:
    """This machine's address in its network, if it is in one; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if address.startswith("127.") else address


def listens(host: str, port: int) -> bool:
    """Whether anything takes connections there."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def _readyz(url: str) -> dict[str, dict[str, str]] | None:
    """What ``/readyz`` says, ready or not; ``None`` when what answers there is not ours."""
    # A proxy of the environment has no business with this machine's own address.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=15) as response:
            said = json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            try:
                said = json.load(error)
            except ValueError:
                return None
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) and "parts" in said else None
