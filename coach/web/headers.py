"""Security headers on every response: pages, errors and static files alike.

This is the outermost WSGI layer on purpose: headers set in Flask's `after_request` do not reach files that
WhiteNoise answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

# Only the microphone, only for our own pages: a voice trainer needs nothing else of the machine.
PERMISSIONS_POLICY = ", ".join(
    (
        "microphone=(self)",
        "autoplay=(self)",
        "camera=()",
        "geolocation=()",
        "payment=()",
        "usb=()",
        "display-capture=()",
    )
)

ALWAYS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", PERMISSIONS_POLICY),
    ("X-Frame-Options", "DENY"),
    ("X-Robots-Tag", "noindex, nofollow"),
)
STRICT_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


class SecurityHeaders:
    """Wraps a WSGI application. Ours replace what it set; `Cache-Control` is `no-store` unless it was set."""

    def __init__(self, app: WSGIApplication, *, secure: bool) -> None:
        self.app = app
        self.fixed = (*ALWAYS, STRICT_TRANSPORT) if secure else ALWAYS
        self.names = frozenset(name.lower() for name, _ in self.fixed)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> object:
        def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> object:
            return start_response(status, self.completed(headers), exc_info)  # type: ignore[arg-type]

        return self.app(environ, start)  # type: ignore[arg-type]

    def completed(self, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
        kept = [(name, value) for name, value in headers if name.lower() not in self.names]
        if not any(name.lower() == "cache-control" for name, _ in kept):
            kept.append(("Cache-Control", "no-store"))
        return [*kept, *self.fixed]
