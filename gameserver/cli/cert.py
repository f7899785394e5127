"""Show the certificate of the TLS protocols, or make a new self-signed one."""

from __future__ import annotations

import argparse
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from gameserver.app.data_directory import DataDirectory
from gameserver.app.services import open_directory
from gameserver.edge.part import Installation
from gameserver.errors import StartError
from gameserver.net.tls import CertificateError, make_certificate, renew_certificate

NAME = "cert"
ABOUT = "show the certificate of the TLS ports or make a new self-signed one"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("action", nargs="?", choices=("show", "renew"), default="show")
    parser.add_argument(
        "--host", default="localhost", help="the name or IP address in a new certificate (default: localhost)"
    )


def run(parsed: argparse.Namespace, installation: Installation) -> int:
    """Print the paths, names, end and fingerprint of the certificate in force. Raises ``StartError`` without one."""
    config = installation.config
    if config.tls.certificate and parsed.action == "renew":
        raise StartError("tls.certificate is set; renew that certificate where it came from, then send SIGHUP")
    try:
        if config.tls.certificate:
            certificate, private_key = Path(config.tls.certificate), Path(config.tls.private_key)
        else:
            renews = parsed.action == "renew"
            make = renew_certificate if renews else make_certificate
            directory = open_directory(config) if renews else DataDirectory.existing(Path(config.data_dir))
            certificate, private_key = make(directory.directory("tls"), parsed.host)
        loaded = x509.load_pem_x509_certificate(certificate.read_bytes())
    except CertificateError as error:
        raise StartError(str(error)) from None
    except ValueError as error:
        raise StartError(f"{certificate}: not a certificate: {error}") from None
    print(f"certificate  {certificate}")
    print(f"private key  {private_key}")
    print(f"subject      {loaded.subject.rfc4514_string()}")
    print(f"valid until  {loaded.not_valid_after_utc:%Y-%m-%d %H:%M} UTC")
    print(f"SHA-256      {loaded.fingerprint(hashes.SHA256()).hex(':')}")
    if parsed.action == "renew":
        print("a running server takes it over when it gets SIGHUP")
    return 0
