"""Engines that listen, one file each. They run inside the listening worker, never in the web process."""
