"""Times an iteration of crates/bfgs against basin and argmin, by criterion. See README.md in this folder.

python3 benchmarks/peers/bfgs/run.py
"""
import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from peer_bench import ROOT, TARGET, Bench, environ, row  # noqa: E402

BENCH = Bench(__file__)
SIDES = ["headstart", "basin", "basin, faer", "argmin"]
SIZES = [100, 500, 1000]


def main():
    command = ["cargo", "bench", "--locked", "-p", "headstart-kernels", "--bench", "bfgs", "--", "--noplot"]
    subprocess.run(command, cwd=ROOT, env=environ(), check=True, stdout=sys.stderr)
    results = {n: {side: seconds(n, side) for side in SIDES} for n in SIZES}
    print(table(results))
    BENCH.write("results.json", results, rows(results))


def seconds(n, side):
    """Returns the median time of an iteration from the results of criterion."""
    path = TARGET / "criterion" / f"one iteration, n = {n}" / side / "new" / "estimates.json"
    return json.loads(path.read_text())["median"]["point_estimate"] * 1e-9


def rows(results):
    for n, sides in results.items():
        ours = sides["headstart"]
        best = min(["basin", "basin, faer"], key=sides.get)
        for peer in (best, "argmin"):
            yield row(f"iteration, n = {n}", peer, "s", ours, sides[peer], sides[peer] / ours, "same function, same x0, both descend")


def table(results):
    lines = ["| one iteration, us | " + " | ".join(SIDES) + " |", "|---" * (len(SIDES) + 1) + "|"]
    for n, sides in results.items():
        lines.append(f"| n = {n} | " + " | ".join(f"{1e6 * sides[side]:.1f}" for side in SIDES) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
