"""Times crates/dqn against PyTorch in CleanRL's loop and Stable-Baselines3, alternately. See README.md beside this file.

python3 benchmarks/peers/dqn/run.py [--repeats N] [--steps N]
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
WORK = ROOT / "target" / "peers" / "dqn"
PEERS = ["cleanrl", "sb3"]
OURS = "headstart-dqn"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3, help="runs of each, of which the median counts (3)")
    parser.add_argument("--steps", type=int, default=30_000, help="steps of a run, 10,000 of them before the clock (30,000)")
    options = parser.parse_args()
    if options.steps <= 10_000:
        parser.error("--steps: more than 10,000 are needed, the first 10,000 fill the replay")
    python, program = environment(), build()
    threads = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"]
    environ = {**os.environ, **{name: "1" for name in threads}}

    def run(*command):
        output = subprocess.run([*map(str, command)], env=environ, check=True, capture_output=True, text=True)
        return json.loads(output.stdout.strip().splitlines()[-1])["steps_per_second"]

    runs = {side: [] for side in [OURS, *PEERS]}
    for seed in range(1, options.repeats + 1):
        # Ours takes ten times as many steps, or it would be over before a clock can tell.
        runs[OURS].append(run(program, "cart-pole", 10 * options.steps, seed))
        for peer in PEERS:
            runs[peer].append(run(python, HERE / "peer.py", peer, options.steps, seed))
        print(", ".join(f"{side} {rates[-1]:.0f}" for side, rates in runs.items()), file=sys.stderr)
    print(table(runs))
    machine = {"processor": platform.processor() or platform.machine(), "threads": os.cpu_count()}
    path = WORK / "results.json"
    path.write_text(json.dumps({"machine": machine, "results": {"cart-pole": runs}}, indent=1))
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


def build():
    """Our side, built."""
    command = ["cargo", "build", "--locked", "--release", "-p", "headstart-dqn", "--example", "control"]
    subprocess.run(command, cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "release" / "examples" / "control"


def table(runs):
    middle = {side: statistics.median(rates) for side, rates in runs.items()}
    lines = ["| CartPole, one thread | steps a second (range) | headstart-dqn is faster by |", "|---|---|---|"]
    for side, rates in runs.items():
        times = "" if side == OURS else f"{middle[OURS] / middle[side]:.1f}"
        lines.append(f"| {side} | {middle[side]:.0f} ({min(rates):.0f}-{max(rates):.0f}) | {times} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
