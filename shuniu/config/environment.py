"""What the surroundings decide: read once, typed, refused at start where it is unsafe."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

ROOT = Path(__file__).resolve().parent.parent.parent

# Keys that stand in the tree: good for a demonstration, refused in production.
KNOWN_KEYS = frozenset({"shuniu-demo-key-is-not-secret", "shuniu-test-key-is-not-secret", "change-me"})


_LOCAL = "postgresql://shuniu_app@localhost/shuniu"


class UnsafeSettings(RuntimeError):
    """Production was started with a setting that is unsafe; the text says which and what to do."""


@dataclass(frozen=True)
class Environment:
    """The settings of one running copy."""

    kind: str  # demo | test | production
    secret_key: str
    database_url: str
    data: Path
    port: int
    hosts: tuple[str, ...]
    proxies: int  # reverse proxies in front, whose X-Forwarded-For is believed
    debug: bool
    mail_url: str
    mail_from: str
    font_dir: str
    hook_url: str  # gateway for SMS or 企业微信, empty: none
    adverse_url: str  # platform that publishes adverse information, empty: none
    clamav: str  # host:port of clamd, empty: files are released without a scan
    public_url: str
    owner: str  # 主办单位 of the site, and its 备案号: what its public pages say below
    licence: str

    @property
    def production(self) -> bool:
        return self.kind == "production"


def read(values: dict[str, str] | None = None) -> Environment:
    """Read the environment.

    Raises UnsafeSettings when production lacks a secret key or an address, uses a known key, answers to any host
    name, or has DEBUG on.
    """
    get = (os.environ if values is None else values).get
    kind = get("SHUNIU_ENV", "production") or "production"
    if kind not in {"demo", "test", "production"}:
        raise UnsafeSettings(f"SHUNIU_ENV 应为 demo、test 或 production，现在是 {kind}。")
    secret = get("SHUNIU_SECRET_KEY", "") or ""
    debug = (get("SHUNIU_DEBUG", "") or "") == "1"
    port, proxies = port_of(get("PORT")), _number("SHUNIU_PROXIES", get("SHUNIU_PROXIES"), 0)
    if kind == "production":
        if not secret:
            raise UnsafeSettings("正式环境没有密钥：请设置 SHUNIU_SECRET_KEY（至少 50 个随机字符）。")
        if secret in KNOWN_KEYS or len(secret) < 50:
            raise UnsafeSettings("正式环境的密钥是公开的或太短：请换成至少 50 个随机字符。")
        if debug:
            raise UnsafeSettings("正式环境不能打开 SHUNIU_DEBUG。")
        if not get("SHUNIU_HOSTS"):
            raise UnsafeSettings("正式环境没有域名：请设置 SHUNIU_HOSTS，多个域名用逗号隔开。")
        if "*" in get("SHUNIU_HOSTS", ""):
            raise UnsafeSettings("正式环境的 SHUNIU_HOSTS 不能用 *：请逐个写出域名，别的域名一律拒绝。")
        if not (get("SHUNIU_PUBLIC_URL") or "").startswith("https://"):
            raise UnsafeSettings(
                "正式环境没有对外地址：请设置 SHUNIU_PUBLIC_URL，以 https:// 开头。邮件、邀请链接和证书二维码都用它。"
            )
    return Environment(
        kind=kind,
        secret_key=secret or f"shuniu-{kind}-key-is-not-secret",
        database_url=get("SHUNIU_DATABASE_URL", "") or "",
        data=Path(get("SHUNIU_DATA", "") or ROOT / ".data").resolve(),
        port=port,
        hosts=tuple(h.strip() for h in (get("SHUNIU_HOSTS", "") or "").split(",") if h.strip())
        or ("localhost", "127.0.0.1", "[::1]", "testserver"),
        proxies=proxies,
        debug=debug,
        mail_url=get("SHUNIU_MAIL_URL", "") or "",
        mail_from=get("SHUNIU_MAIL_FROM", "") or "shuniu@localhost",
        font_dir=get("SHUNIU_FONT_DIR", "") or "",
        hook_url=get("SHUNIU_HOOK_URL", "") or "",
        adverse_url=get("SHUNIU_ADVERSE_URL", "") or "",
        clamav=get("SHUNIU_CLAMAV", "") or "",
        public_url=get("SHUNIU_PUBLIC_URL", "") or f"http://localhost:{port}",
        owner=get("SHUNIU_OWNER", "") or ("望海市总工会" if kind == "demo" else ""),
        licence=get("SHUNIU_LICENCE", "") or "",
    )


def port_of(text: str | None) -> int:
    """The port that PORT names. Raises UnsafeSettings."""
    port = _number("PORT", text, 8000)
    if not 0 < port < 65536:
        raise UnsafeSettings(f"PORT 应在 1 到 65535 之间，现在是“{text}”。")
    return port


def _number(name: str, text: str | None, default: int) -> int:
    number = text or str(default)
    if not (number.isascii() and number.isdigit()):
        raise UnsafeSettings(f"{name} 应为不小于 0 的整数，现在是“{text}”。")
    return int(number)


def database(url: str, *, pooled: bool) -> dict[str, object]:
    """Django's description of the database at `url` (postgresql://user:password@host:port/name?sslmode=…).

    Whatever libpq knows beside the address (sslmode, sslrootcert, connect_timeout …) goes to the driver.
    Raises UnsafeSettings for an address that libpq cannot read; the sentence does not repeat the password.
    """
    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(url or _LOCAL).items()}
    except psycopg.Error:
        raise UnsafeSettings(
            "SHUNIU_DATABASE_URL 写得不对，应为 postgresql://角色:密码@主机:端口/库名?sslmode=verify-full；"
            "密码中的 @ : / ? # % 要写成 %40 %3A %2F %3F %23 %25。"
        ) from None
    taken = {
        name: parts.pop(key, "")
        for name, key in {
            "NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port",
        }.items()
    }  # fmt: skip
    options: dict[str, object] = {"application_name": "shuniu", **parts}
    if pooled:
        options["pool"] = {"min_size": 2, "max_size": 60, "timeout": 30, "max_lifetime": 3600}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **taken,
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": pooled,
    }
