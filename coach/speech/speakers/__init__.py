"""Engines that speak, one file each. They run inside the speaking worker, never in the web process."""
