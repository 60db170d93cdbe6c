#!/usr/bin/env python
"""Django's command line for Shuniu."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuniu.config.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    from shuniu.config.environment import UnsafeSettings

    try:
        execute_from_command_line(sys.argv)
    except UnsafeSettings as problem:
        sys.exit(str(problem))
    except OperationalError as problem:
        sys.exit(
            f"数据库没有接受连接或中途断开：{str(problem).strip()}\n请核对数据库地址、角色和密码，以及数据库是否在运行。"
        )
