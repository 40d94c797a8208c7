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
SIDES = {
    "one iteration": ["headstart", "basin", "basin, faer", "argmin"],
    "one iteration of L-BFGS": ["headstart", "argmin", "liblbfgs"],
}
SIZES = {"one iteration": [100, 500, 1000], "one iteration of L-BFGS": [1000, 10_000, 100_000]}


def main():
    command = ["cargo", "bench", "--locked", "-p", "headstart-kernels", "--bench", "bfgs", "--", "--noplot"]
    subprocess.run(command, cwd=ROOT, env=environ(), check=True, stdout=sys.stderr)
    results = {
        f"{what}, n = {n}": {side: seconds(f"{what}, n = {n}", side) for side in SIDES[what]}
        for what in SIDES
        for n in SIZES[what]
    }
    print(table(results))
    BENCH.write("results.json", results, rows(results))


def seconds(what, side):
    """Returns the median time of an iteration from the results of criterion."""
    path = TARGET / "criterion" / what / side / "new" / "estimates.json"
    return json.loads(path.read_text())["median"]["point_estimate"] * 1e-9


def rows(results):
    for what, sides in results.items():
        ours = sides["headstart"]
        peers = [side for side in sides if side not in ("headstart", "basin", "basin, faer")]
        if "basin" in sides:
            peers.insert(0, min(["basin", "basin, faer"], key=sides.get))
        for peer in peers:
            yield row(what.removeprefix("one "), peer, "s", ours, sides[peer], sides[peer] / ours, "same function, same x0, both descend")


def table(results):
    lines = ["| what | side | us | times headstart |", "|---|---|---|---|"]
    for what, sides in results.items():
        for side, time in sides.items():
            lines.append(f"| {what} | {side} | {1e6 * time:.2f} | {time / sides['headstart']:.1f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
