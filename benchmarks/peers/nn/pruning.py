"""Times iterative magnitude pruning of crates/lottery against PyTorch with masks on the same samples, alternately.

python3 benchmarks/peers/nn/pruning.py [--repeats N]
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

import run

PEERS = ["fused", "foreach"]
OURS = "headstart-lottery"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="runs of each, of which the median counts (5)")
    options = parser.parse_args()
    python, program = run.environment(), run.build("headstart-lottery", "levels")
    environ = {**os.environ, **{name: "1" for name in run.THREADS}}

    def call(*command):
        output = subprocess.run([*map(str, command)], env=environ, check=True, capture_output=True, text=True)
        return json.loads(output.stdout) if output.stdout else None

    samples = run.WORK / "digits.csv"
    call(program, "--write", samples)
    runs = {side: [] for side in [OURS, *PEERS]}
    for _ in range(options.repeats):
        runs[OURS].append(call(program))
        for peer in PEERS:
            runs[peer].append(call(python, run.HERE / "pruning_peer.py", peer, samples))
        rates = ", ".join(f"{side} {found[-1]['steps_per_second']:.0f}" for side, found in runs.items())
        print(f"steps a second: {rates}", file=sys.stderr)
    print(table(runs))
    path = run.WORK / "pruning.json"
    path.write_text(json.dumps(runs, indent=1))
    print(f"written to {path}", file=sys.stderr)


def table(runs):
    lines = ["| 16 levels of 600 steps, one thread | steps a second | times PyTorch fused | accuracy at 22%, 5.2%, 4.2% |"]
    lines.append("|---|---|---|---|")
    rates = {side: [one["steps_per_second"] for one in found] for side, found in runs.items()}
    for side, found in runs.items():
        middle = statistics.median(rates[side])
        spread = f"{middle:.0f} ({min(rates[side]):.0f}-{max(rates[side]):.0f})"
        accuracies = ", ".join(f"{100 * found[0]['levels'][level][1]:.1f}" for level in [7, 14, 15])
        lines.append(f"| {side} | {spread} | {middle / statistics.median(rates['fused']):.1f} | {accuracies} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
