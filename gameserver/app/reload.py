"""What a running server takes over from its configuration on SIGHUP, without a restart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import ip_network
from pathlib import Path

import attrs
from twisted.logger import Logger

from gameserver.app.checking import check
from gameserver.app.draining import Draining
from gameserver.app.logs import Written
from gameserver.app.services import Services, certificates_of, open_directory
from gameserver.config import Config, ConfigError
from gameserver.config.tree import Limits
from gameserver.config.writing import InForce
from gameserver.errors import StartError, in_one_line
from gameserver.net.tls import CertificateError, Certificates
from gameserver.web.health import MetricsPage

#: Reads the configuration again from where the process has it. Raises ``ConfigError``, ``StartError``, ``OSError``.
Read = Callable[[], Config]


def read_again(read: Read, log: Logger) -> Config | None:
    """Return the configuration as it is now, checked as at the start; one that is no good is told and not taken."""
    try:
        config = read()
        check(config)
    except (ConfigError, StartError) as error:
        log.error("configuration not reloaded, the old one stays: {error}", error=error)
    except OSError as error:
        log.error("configuration not reloaded, the old one stays: {error}", error=in_one_line(error))
    else:
        return config
    return None


def told(took: Sequence[str], restart: Sequence[str]) -> str:
    """Return what came of a reload in one line. Values are not in it: some are secrets."""
    parts = []
    if took:
        parts.append(f"in force now: {', '.join(took)}")
    if restart:
        parts.append(f"changed but needs a restart: {', '.join(restart)}")
    return "; ".join(parts) or "nothing has changed"


@attrs.define
class Reload:
    """Everything of a server that another configuration changes."""

    services: Services
    draining: Draining
    written: Written
    metrics: MetricsPage
    in_force: InForce
    log: Logger

    def reload(self, read: Read) -> None:
        """Take over what can be, and say so in one line; all of it or, if anything is wrong, nothing."""
        config = read_again(read, self.log)
        if config is None:
            return
        took, restart = self.in_force.changes(config)
        try:
            if any(key.startswith("tls.") for key in took):
                self._certificate(config)
        except (CertificateError, StartError) as error:
            self.log.error("configuration not reloaded, the old one stays: {error}", error=error)
            return
        # What comes from now on is written as the new one says, and so is this.
        self.written.configure(config.log)
        self._limits(config)
        self._site(config)
        self._accounts(config)
        self.draining.seconds = config.drain.seconds
        self.in_force.take(config)
        self.log.info("configuration reloaded; {what}", what=told(took, restart))

    def _certificate(self, config: Config) -> None:
        files = certificates_of(config, open_directory(config))
        self.services.certificates.change(Path(files.certificate), Path(files.private_key))

    def _limits(self, config: Config) -> None:
        context, new = self.services.context, config.limits
        now = context.reactor.seconds()
        for field in attrs.fields(Limits):
            if field.metadata["reloadable"]:
                setattr(context.limits, field.name, getattr(new, field.name))
        for count in (context.sessions.connections, context.http_connections):
            count.change(new.connections_per_address, new.connections)
        context.messages.change(new.messages_per_second, new.burst, new.address_factor, now)
        if context.sessions.logins is not None:
            context.sessions.logins.change(
                new.logins_per_second, new.logins, new.address_factor, now, new.logins_per_address
            )
        self.services.delays.change(new.login_failures, new.login_delay)
        for changed in context.limits_changed:
            changed()

    def _site(self, config: Config) -> None:
        context, web = self.services.context, config.web
        context.proxies.change(web.proxies)
        context.http_requests.change(web.requests_per_second, web.burst, context.reactor.seconds())
        self.metrics.open_to(map(ip_network, web.metrics))

    def _accounts(self, config: Config) -> None:
        new, now = config.accounts, self.services.context.reactor.seconds()
        self.services.context.accounts.registration = new.registration
        self.services.registrations.change(1 / new.registration_seconds, new.registrations_per_address, now)
        self.services.testplayers.change(1 / new.testplayer_seconds, new.testplayers_per_address, now)


def reload_certificates(certificates: Sequence[Certificates], log: Logger) -> None:
    """Load renewed certificates; of those that are no good the old ones stay in force."""
    good = True
    for each in certificates:
        try:
            each.reload()
        except CertificateError as error:
            good = False
            log.error("certificates not reloaded: {error}", error=error)
    if good:
        log.info("certificates reloaded")
