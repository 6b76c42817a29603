"""What a WSGI server loads: `gunicorn wsgi:app`."""

from coach import create_app

app = create_app()
