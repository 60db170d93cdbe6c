"""The application that the web server calls."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuniu.config.settings")
application = get_wsgi_application()

from shuniu.config.safety import refuse_unsafe_start  # noqa: E402

refuse_unsafe_start()
# Every slice is loaded now, not by the first visitor; and what is there stays to the end: to look through it
# for waste at every collection took up to a fifth of the time of a page.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
