"""Times iterative magnitude pruning of crates/lottery against PyTorch with masks on the same samples, alternately.

python3 benchmarks/peers/nn/pruning.py [--repeats N]
"""
import argparse
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from peer_bench import Bench, build, call, row  # noqa: E402

BENCH = Bench(__file__)

PEERS = ["fused", "foreach"]
OURS = "headstart-lottery"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="runs of each; the median is reported (5)")
    options = parser.parse_args()
    python, program = BENCH.environment(), build("headstart-lottery", "levels")
    samples = BENCH.work / "digits.csv"
    call(program, "--write", samples)
    runs = {side: [] for side in [OURS, *PEERS]}
    for _ in range(options.repeats):
        runs[OURS].append(call(program))
        for peer in PEERS:
            runs[peer].append(call(python, BENCH.here / "pruning_peer.py", peer, samples))
        rates = ", ".join(f"{side} {found[-1]['steps_per_second']:.0f}" for side, found in runs.items())
        print(f"steps a second: {rates}", file=sys.stderr)
    print(table(runs))
    BENCH.write("pruning.json", runs, rows(runs))


def rows(runs):
    middle = {side: statistics.median(one["steps_per_second"] for one in found) for side, found in runs.items()}
    best = max(PEERS, key=middle.get)
    levels = [7, 14, 15]
    # Mean over all runs: each run draws other batches.
    means = {
        side: " ".join(f"{100 * statistics.mean(one['levels'][level][1] for one in found):.1f}" for level in levels)
        for side, found in runs.items()
    }
    quality = f"accuracy at 22, 5.2, 4.2% kept: {means[OURS]} against {means[best]}"
    yield row("pruning curve, 16 levels", f"PyTorch, {best} Adam", "steps/s", middle[OURS], middle[best], middle[OURS] / middle[best], quality)


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
