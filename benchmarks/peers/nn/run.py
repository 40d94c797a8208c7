"""Times training steps of crates/nn against PyTorch on the same networks, alternately. See README.md beside this file.

python3 benchmarks/peers/nn/run.py [--only NAME] [--repeats N] [--seconds S]
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
WORK = ROOT / "target" / "peers" / "nn"
NAMES = ["mlp", "conv", "attention"]
PEERS = ["fused", "foreach", "single"]
OURS = "headstart-nn"
THREADS = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=NAMES, help="one network instead of all")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each, of which the median counts (5)")
    parser.add_argument("--seconds", type=float, default=1.0, help="seconds of a run (1)")
    options = parser.parse_args()
    python, program = environment(), build("headstart-nn", "throughput")
    environ = {**os.environ, **{name: "1" for name in THREADS}}

    def run(*command):
        output = subprocess.run([*map(str, command)], env=environ, check=True, capture_output=True, text=True)
        return json.loads(output.stdout)["steps_per_second"]

    results = {}
    for name in [options.only] if options.only else NAMES:
        runs = {side: [] for side in [OURS, *PEERS]}
        for _ in range(options.repeats):
            runs[OURS].append(run(program, name, options.seconds))
            for peer in PEERS:
                runs[peer].append(run(python, HERE / "peer.py", name, peer, options.seconds))
            print(f"{name}: {', '.join(f'{side} {rates[-1]:.0f}' for side, rates in runs.items())}", file=sys.stderr)
        results[name] = runs
    print(table(results))
    machine = {"processor": platform.processor() or platform.machine(), "threads": os.cpu_count()}
    path = WORK / "results.json"
    path.write_text(json.dumps({"machine": machine, "results": results}, indent=1))
    print(f"written to {path}", file=sys.stderr)


def environment():
    """The interpreter of a virtual environment with what requirements.txt pins, made if it is not there."""
    python = WORK / "venv" / "bin" / "python"
    stamp = WORK / "venv" / "requirements.txt"
    wanted = (HERE / "requirements.txt").read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", WORK / "venv"], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
        stamp.write_text(wanted)
    return python


def build(crate, example):
    """Our side, built."""
    command = ["cargo", "build", "--locked", "--release", "-p", crate, "--example", example]
    subprocess.run(command, cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "release" / "examples" / example


def table(results):
    lines = ["| steps a second, one thread | " + " | ".join([OURS, *(f"PyTorch, {p} Adam" for p in PEERS)])]
    lines[0] += " | times PyTorch fused |"
    lines.append("|---" * (len(PEERS) + 3) + "|")
    for name, runs in results.items():
        middle = {side: statistics.median(rates) for side, rates in runs.items()}
        rates = " | ".join(f"{middle[side]:.0f} ({min(runs[side]):.0f}-{max(runs[side]):.0f})" for side in runs)
        lines.append(f"| {name} | {rates} | {middle[OURS] / middle['fused']:.2f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
