"""Shared by the scripts of all peers: virtual environments, builds, runs, results on disk."""
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
THREADS = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"]


class Bench:
    """The folder of a script and its working folder under target/."""

    def __init__(self, script):
        self.here = Path(script).resolve().parent
        self.work = ROOT / "target" / "peers" / self.here.name
        self.work.mkdir(parents=True, exist_ok=True)

    def environment(self):
        """Returns the interpreter of a virtual environment with the pinned requirements.txt; makes it if it does not exist."""
        venv, wanted = self.work / "venv", (self.here / "requirements.txt").read_text()
        python, stamp = venv / "bin" / "python", venv / "requirements.txt"
        if not stamp.exists() or stamp.read_text() != wanted:
            subprocess.run([sys.executable, "-m", "venv", venv], check=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", self.here / "requirements.txt"], check=True)
            stamp.write_text(wanted)
        return python

    def write(self, name, results, rows=()):
        """Writes all runs and, for the table of all peers, one row per pair of sides (see `row`)."""
        path = self.work / name
        path.write_text(json.dumps({"machine": machine(), "results": results, "rows": list(rows)}, indent=1))
        print(f"written to {path}", file=sys.stderr)


def machine():
    names = [line.split(":", 1)[1].strip() for line in cpuinfo() if line.startswith("model name")]
    return {"processor": names[0] if names else platform.processor() or platform.machine(), "threads": os.cpu_count()}


def cpuinfo():
    try:
        return Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return []


def build(crate, example):
    """Builds an example of a crate and returns the path of the program."""
    command = ["cargo", "build", "--locked", "--release", "-p", crate, "--example", example]
    subprocess.run(command, cwd=ROOT, check=True)
    return TARGET / "release" / "examples" / example


def environ(threads=1):
    """Returns environment variables that limit a process to this number of threads."""
    return {**os.environ, **{name: str(threads) for name in THREADS}}


def call(*command, threads=1, cwd=None):
    """Runs a process and returns the JSON in its last line of output; None if it prints nothing."""
    command = [*map(str, command)]
    output = subprocess.run(command, env=environ(threads), cwd=cwd, check=True, capture_output=True, text=True)
    lines = output.stdout.strip().splitlines()
    return json.loads(lines[-1]) if lines else None


def row(what, peer, unit, ours, theirs, times, quality=""):
    """Returns a row of the table of all peers: `times` above 1 if Headstart is faster; `quality` is text, Headstart first."""
    return {"what": what, "peer": peer, "unit": unit, "ours": ours, "theirs": theirs, "times": times, "quality": quality}
