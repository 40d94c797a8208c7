"""Times training steps of crates/nn against PyTorch on the same networks, alternately. See README.md in this folder.

python3 benchmarks/peers/nn/run.py [--only NAME] [--repeats N] [--seconds S]
"""
import argparse
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from peer_bench import Bench, build, call, row  # noqa: E402

BENCH = Bench(__file__)
NAMES = ["mlp", "conv", "attention"]
PEERS = ["fused", "foreach", "single"]
OURS = "headstart-nn"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=NAMES, help="run only this network")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each; the median is reported (5)")
    parser.add_argument("--seconds", type=float, default=1.0, help="seconds per run (1)")
    options = parser.parse_args()
    python, program = BENCH.environment(), build("headstart-nn", "throughput")

    def run(*command):
        return call(*command)["steps_per_second"]

    results = {}
    for name in [options.only] if options.only else NAMES:
        runs = {side: [] for side in [OURS, *PEERS]}
        for _ in range(options.repeats):
            runs[OURS].append(run(program, name, options.seconds))
            for peer in PEERS:
                runs[peer].append(run(python, BENCH.here / "peer.py", name, peer, options.seconds))
            print(f"{name}: {', '.join(f'{side} {rates[-1]:.0f}' for side, rates in runs.items())}", file=sys.stderr)
        results[name] = runs
    print(table(results))
    BENCH.write("results.json", results, rows(results))


def rows(results):
    for name, runs in results.items():
        middle = {side: statistics.median(rates) for side, rates in runs.items()}
        best = max(PEERS, key=middle.get)
        ours, theirs = middle[OURS], middle[best]
        yield row(f"training step, {name}", f"PyTorch, {best} Adam", "steps/s", ours, theirs, ours / theirs, "same arithmetic")


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
