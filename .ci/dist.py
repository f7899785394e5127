"""What a release consists of, in ``dist``: sdist and wheel, what they stand on, and the sums of all of it.

Everything is made twice from the last commit, and has to be the same to the byte. Each of the two is installed into
an empty environment and has to be a working server there. ``--audit`` looks for known weaknesses in what they need.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"


def run(*command: str | Path, **environment: str) -> str:
    words = [str(word) for word in command]
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | environment
    done = subprocess.run(words, cwd=ROOT, env=clean, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"dist: {' '.join(words)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def say(what: str) -> None:
    print(f"dist: {what}", flush=True)


def built(place: Path, epoch: str) -> list[Path]:
    """Build both from what the last commit has."""
    source = place / "source"
    source.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(source, filter="data")
    run(sys.executable, "-m", "build", "--outdir", place / "out", source, SOURCE_DATE_EPOCH=epoch)
    files = sorted((place / "out").iterdir())
    for file in files:
        if file.suffix == ".gz":
            steady(file, int(epoch))
    return files


def steady(file: Path, epoch: int) -> None:
    """Write a tar once more with one time and one owner for all members, in the order of their names."""
    with tarfile.open(file) as tar:
        members = [(member, tar.extractfile(member)) for member in tar.getmembers()]
        contents = [(member, content.read() if content else b"") for member, content in members]
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as out:
        for member, content in sorted(contents, key=lambda one: one[0].name):
            member.mtime, member.uid, member.gid, member.uname, member.gname = epoch, 0, 0, "", ""
            member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            member.pax_headers = {}
            out.addfile(member, io.BytesIO(content))
    with file.open("wb") as stream, gzip.GzipFile("", "wb", fileobj=stream, mtime=epoch) as zipped:
        zipped.write(packed.getvalue())


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def installed(file: Path, home: Path) -> Path:
    venv.create(home, with_pip=True)
    run(home / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", file)
    return home / "bin"


def requirements(file: Path, programs: Path) -> str:
    """Return every package below the wheel with the sum of its file, for `pip install --require-hashes`."""
    report = json.loads(
        run(programs / "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-", file)
    )
    lines = []
    for one in report["install"]:
        name, version = one["metadata"]["name"].lower(), one["metadata"]["version"]
        if name != "gameserver":
            sum_of_it = one["download_info"]["archive_info"]["hashes"]["sha256"]
            lines.append(f"{name}=={version} --hash=sha256:{sum_of_it}")
    return "\n".join(sorted(lines)) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--audit", action="store_true", help="only look for known weaknesses in what a wheel needs")
    arguments = parser.parse_args()
    epoch = run("git", "log", "-1", "--format=%ct").strip()
    with tempfile.TemporaryDirectory(prefix="gameserver-dist-") as directory:
        place = Path(directory)
        say("building twice")
        first, second = built(place / "1", epoch), built(place / "2", epoch)
        for one, other in zip(first, second, strict=True):
            if digest(one) != digest(other):
                sys.exit(f"dist: {one.name} is not the same when it is built again")
        tools = place / "tools"
        venv.create(tools, with_pip=True)
        run(tools / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "cyclonedx-bom", "pip-audit")
        if arguments.audit:
            return audited(first, place, tools)
        shutil.rmtree(DIST, ignore_errors=True)
        DIST.mkdir()
        for number, file in enumerate(first):
            say(f"{file.name}: into an empty environment")
            programs = installed(file, place / f"home{number}")
            print(run(sys.executable, ROOT / ".ci" / "acceptance.py", programs), end="")
            shutil.copy(file, DIST)
        say("what it stands on: requirements.txt and sbom.cdx.json")
        (DIST / "requirements.txt").write_text(requirements(file, programs), "utf-8")
        bom = ("--output-reproducible", "--output-file", DIST / "sbom.cdx.json", programs / "python")
        run(tools / "bin" / "cyclonedx-py", "environment", *bom)
        sums = [f"{digest(file)}  {file.name}\n" for file in sorted(DIST.iterdir())]
        (DIST / "SHA256SUMS").write_text("".join(sums), "utf-8")
        print("".join(sums), end="")
    return 0


def audited(files: list[Path], place: Path, tools: Path) -> int:
    (wheel,) = [file for file in files if file.suffix == ".whl"]
    programs = installed(wheel, place / "home")
    needed = requirements(wheel, programs)
    (place / "requirements.txt").write_text(needed, "utf-8")
    command = [str(tools / "bin" / "pip-audit"), "--require-hashes", "--disable-pip"]
    command += ["-r", str(place / "requirements.txt")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    # A mirror that has the packages has not always what is known of them.
    unknown = done.stdout.count("could not be audited") >= needed.count("\n")
    if unknown or any(word in done.stderr for word in ("ConnectionError", "ServiceError")):
        say("not audited: the advisories cannot be reached from here")
        return 0
    print(done.stdout + done.stderr, end="")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
