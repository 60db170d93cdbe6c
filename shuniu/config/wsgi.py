"""The application that the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuniu.config.settings")
application = get_wsgi_application()

from shuniu.config.safety import refuse_unsafe_start  # noqa: E402

refuse_unsafe_start()
