"""异议: the public pages and the desk."""
