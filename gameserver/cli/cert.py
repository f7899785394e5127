"""Show the certificate of the TLS doors, or make a new self-signed one."""

from __future__ import annotations

import argparse
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from gameserver.config import Config
from gameserver.datadir import DataDirectory
from gameserver.net.tls import make_certificate

NAME = "cert"
ABOUT = "show the certificate of the TLS doors or make a new self-signed one"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("action", nargs="?", choices=("show", "renew"), default="show")
    parser.add_argument("--host", default="localhost", help="the host name in a new certificate (default: localhost)")


def run(parsed: argparse.Namespace, config: Config) -> int:
    """Print the paths, names, end and fingerprint of the certificate in force."""
    if config.tls.certificate:
        if parsed.action == "renew":
            print("gameserver: tls.certificate is set; renew that certificate where it came from, then send SIGHUP")
            return 1
        certificate, private_key = Path(config.tls.certificate), Path(config.tls.private_key)
    else:
        directory = DataDirectory.open(Path(config.data_dir)).directory("tls")
        if parsed.action == "renew":
            for old in directory.glob("*.pem"):
                old.unlink()
        certificate, private_key = make_certificate(directory, parsed.host)
    loaded = x509.load_pem_x509_certificate(certificate.read_bytes())
    print(f"certificate  {certificate}")
    print(f"private key  {private_key}")
    print(f"subject      {loaded.subject.rfc4514_string()}")
    print(f"valid until  {loaded.not_valid_after_utc:%Y-%m-%d %H:%M} UTC")
    print(f"SHA-256      {loaded.fingerprint(hashes.SHA256()).hex(':')}")
    if parsed.action == "renew":
        print("a running server takes it over when it gets SIGHUP")
    return 0
