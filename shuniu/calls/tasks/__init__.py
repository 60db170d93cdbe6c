"""Sweeps of the calls slice; every noun adds its import."""
