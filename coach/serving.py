"""One gunicorn process with many threads: what SQLite wants and what one machine needs."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

from coach.errors import BadSettings, SpeechUnavailable
from coach.logs import set_up_logs

if TYPE_CHECKING:
    from flask import Flask

    from coach.bootstrap import House


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, house: House) -> None:
        self._house = house
        super().__init__()

    def load_config(self) -> None:
        config = self._house.config
        settings: dict[str, Any] = {
            "bind": f"[{config.host}]:{config.port}" if ":" in config.host else f"{config.host}:{config.port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": config.threads,
            "timeout": 60,
            "graceful_timeout": 10,
            "keepalive": 15,
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
            "limit_request_line": 4094,
            "post_worker_init": self._when_loaded,
            "worker_exit": lambda _server, _worker: self._house.close(),
        }
        for name, value in settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._house.create_app()

    def _when_loaded(self, worker: Any) -> None:
        """Greets once the first worker can really answer; a later one takes its place in silence."""
        if worker.age == 1:
            print(greeting(self._house), flush=True)
        self._warm_up()

    def _warm_up(self) -> None:
        """Loads the speech models while the first person logs in, so that the first call does not wait for them.
        One that is missing is told by /readyz and on the pages, and keeps no other from loading."""

        def warm() -> None:
            for engine in (self._house.voice, self._house.listener):
                warm_up = getattr(engine, "warm_up", None)
                if warm_up:
                    with suppress(SpeechUnavailable):
                        warm_up()

        threading.Thread(target=warm, name="warm-up", daemon=True).start()
        self._house.worker.start()


def serve(house: House) -> None:
    """Serves until it is told to stop (Ctrl-C or TERM). BadSettings, BadScenario or BadRubric before the first request
    when it must not start."""
    set_up_logs(house.config.log_level, as_json=not house.config.is_demo)
    _check_port(house.config.host, house.config.port)
    house.check_start()
    _ = house.library, house.packs  # what is wrong with them is said here in one line, not by a dying worker
    house.store.close()
    house.__dict__.pop("store", None)  # connections must not cross the fork
    _Server(house).run()


def _check_port(host: str, port: int) -> None:
    """BadSettings when another program listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or "cannot be used"
            raise BadSettings(f"port {port} on {host}: {reason}. Stop what uses it, or set COACH_PORT.") from error


def greeting(house: House) -> str:
    """What stands in the terminal when the server is ready."""
    config = house.config
    lines = ["", f"  Coach is ready: http://{config.host}:{config.port}/", ""]
    if config.is_demo:
        from coach.store.demo import DEMO_PASSWORD, DEMO_PEOPLE

        lines.append(f"  Demo people, all with the password  {DEMO_PASSWORD}")
        lines += [f"    {person.email:22} {person.role.value:8} {person.name}" for person in DEMO_PEOPLE]
        lines.append("")
    return "\n".join([*lines, "  Stop it with Ctrl-C.", ""])
