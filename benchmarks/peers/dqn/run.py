"""Times crates/dqn against PyTorch in CleanRL's loop and Stable-Baselines3, alternately. See README.md in this folder.

python3 benchmarks/peers/dqn/run.py [--repeats N] [--steps N]
"""
import argparse
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from peer_bench import Bench, build, call, row  # noqa: E402

BENCH = Bench(__file__)
PEERS = ["cleanrl", "sb3"]
OURS = "headstart-dqn"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3, help="runs of each; the median is reported (3)")
    parser.add_argument("--steps", type=int, default=30_000, help="steps per run, including 10,000 before timing starts (30,000)")
    options = parser.parse_args()
    if options.steps <= 10_000:
        parser.error("--steps: more than 10,000 are needed, the first 10,000 fill the replay")
    python, program = BENCH.environment(), build("headstart-dqn", "control")

    def run(*command):
        return call(*command)["steps_per_second"]

    runs = {side: [] for side in [OURS, *PEERS]}
    for seed in range(1, options.repeats + 1):
        # Headstart runs ten times as many steps; otherwise the run would be too short to time.
        runs[OURS].append(run(program, "cart-pole", 10 * options.steps, seed))
        for peer in PEERS:
            runs[peer].append(run(python, BENCH.here / "peer.py", peer, options.steps, seed))
        print(", ".join(f"{side} {rates[-1]:.0f}" for side, rates in runs.items()), file=sys.stderr)
    print(table(runs))
    BENCH.write("results.json", {"cart-pole": runs}, rows(runs))


def rows(runs):
    middle = {side: statistics.median(rates) for side, rates in runs.items()}
    names = {"cleanrl": "CleanRL's loop on PyTorch", "sb3": "Stable-Baselines3"}
    for peer in PEERS:
        yield row("CartPole, learning included", names[peer], "steps/s", middle[OURS], middle[peer], middle[OURS] / middle[peer], "same settings")


def table(runs):
    middle = {side: statistics.median(rates) for side, rates in runs.items()}
    lines = ["| CartPole, one thread | steps a second (range) | headstart-dqn is faster by |", "|---|---|---|"]
    for side, rates in runs.items():
        times = "" if side == OURS else f"{middle[OURS] / middle[side]:.1f}"
        lines.append(f"| {side} | {middle[side]:.0f} ({min(rates):.0f}-{max(rates):.0f}) | {times} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
