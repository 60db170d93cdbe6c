"""Static files under names that carry their digest, also where one script imports another."""

from typing import Any

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

# Django rewrites imports in every script or in none; those of other packages hold imports in comments.
_IMPORTS: Any = HashedFilesMixin._js_module_import_aggregation_patterns  # type: ignore[attr-defined]


class DigestedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Without the rewriting of imports an old `dom.js` would live in caches beside a new `app.js`."""

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = ("ui/js/*.js", _IMPORTS[1])
