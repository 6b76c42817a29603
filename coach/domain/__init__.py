"""Values and rules of the call floor. Standard library only; nothing here knows of files or the web."""
