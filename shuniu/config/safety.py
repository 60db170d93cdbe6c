"""What production refuses to start with, beyond the settings: a database role that could undo its truths."""

from __future__ import annotations

from django.conf import settings
from django.db import connection

from shuniu.config.environment import UnsafeSettings

_SOURCE = "select clock_timestamp()"


def refuse_unsafe_start() -> None:
    """Raise UnsafeSettings when a production process runs as superuser or owner, or with a bent clock."""
    if not settings.ENV.production:
        return
    problem = unsafe_role() or unsafe_clock()
    if problem:
        raise UnsafeSettings(problem)


def unsafe_role() -> str:
    """Why the current database role must not serve requests; empty when it may."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, r.rolsuper OR r.rolcreaterole OR r.rolbypassrls OR r.rolreplication,"
            " EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            "   WHERE n.nspname IN ('public', 'shuniu') AND pg_has_role(current_user, c.relowner, 'USAGE')),"
            " has_schema_privilege('public', 'CREATE')"
            " FROM pg_roles r WHERE r.rolname = current_user"
        )
        name, powerful, owner, creates = cursor.fetchone() or ("?", True, True, True)
    if powerful:
        return f"数据库角色 {name} 权限过大（超级用户或可建角色）：请让 SHUNIU_DATABASE_URL 使用 shuniu_app。"
    if owner or creates:
        return f"数据库角色 {name} 拥有表或可建表，能够绕过只增不改的约束：请让 SHUNIU_DATABASE_URL 使用 shuniu_app。"
    return ""


def unsafe_clock() -> str:
    """Why `shuniu.now()` is not the real clock; empty when it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE oid = 'shuniu.now()'::regprocedure")
        source = str((cursor.fetchone() or [""])[0]).strip().rstrip(";").lower()
    if source == _SOURCE:
        return ""
    return "数据库时钟 shuniu.now() 被改动过，不是真实时间：请以 shuniu_owner 运行 manage.py grants 恢复。"
