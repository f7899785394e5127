"""Makes ``generated/`` anew from ``api.proto``: ``python -m gameserver.protocols.invoker.generate``.

Needs grpcio-tools. A test makes it in another place and compares, so that the two never drift apart.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent


def generate(target: Path) -> None:
    """Write the generated modules into a directory. Raises ``RuntimeError`` if the compiler refuses the source."""
    from grpc_tools import protoc  # type: ignore[import-untyped]

    status = protoc.main(
        ["protoc", f"--proto_path={HERE}", f"--python_out={target}", f"--pyi_out={target}", str(HERE / "api.proto")]
    )
    if status:
        raise RuntimeError(f"protoc ended with status {status}")


if __name__ == "__main__":
    generate(HERE / "generated")
    sys.exit(0)
