"""Work in the background, over job rows with leases: a worker that dies loses nothing."""
