"""Runs the scripts of all peers, one after the other, and writes one table of ratios. See README.md in this folder.

python3 benchmarks/peers/run.py [NAME ...] [--quick] [--out DIR]
"""
import argparse
import datetime
import json
import subprocess
import sys
from pathlib import Path

from peer_bench import ROOT, machine

HERE = Path(__file__).resolve().parent
# Name: script, its results, options for --quick.
SCRIPTS = {
    "bfgs": ("bfgs/run.py", "bfgs/results.json", []),
    "nn": ("nn/run.py", "nn/results.json", ["--repeats", "3"]),
    "lottery": ("nn/pruning.py", "nn/pruning.json", ["--repeats", "2"]),
    "dqn": ("dqn/run.py", "dqn/results.json", ["--repeats", "2"]),
    "dmrg": ("dmrg/run.py", "dmrg/results.json", ["--repeats", "1"]),
    "umap": ("umap/run.py", "umap/results.json", ["--repeats", "1", "--only", "digits"]),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"run only these ({', '.join(SCRIPTS)})")
    parser.add_argument("--quick", action="store_true", help="few runs of each, to check that all scripts work")
    parser.add_argument("--out", type=Path, default=ROOT / "reports" / "peers", help="folder of the table (reports/peers)")
    options = parser.parse_args()
    for name in options.names:
        if name not in SCRIPTS:
            parser.error(f"`{name}` is not a script: choose from {', '.join(SCRIPTS)}")
    failed = []
    for name, (script, _, quick) in SCRIPTS.items():
        if options.names and name not in options.names:
            continue
        print(f"== {name}", file=sys.stderr)
        done = subprocess.run([sys.executable, HERE / script, *(quick if options.quick else [])], stdout=sys.stderr)
        if done.returncode != 0:
            failed.append(name)
    write(options.out, failed)
    if failed:
        sys.exit(f"error: {', '.join(failed)} failed; the table shows results of earlier runs, if any")


def write(out, failed):
    """Writes the table of all results on disk, including those of earlier runs."""
    found = {name: ROOT / "target" / "peers" / path for name, (_, path, _) in SCRIPTS.items()}
    found = {name: path for name, path in found.items() if path.exists()}
    host = machine()
    lines = [
        "# Comparison with public peers",
        "",
        f"Written by `just bench-peers`: every script of `benchmarks/peers` on one machine ({host['processor']}, {host['threads']} "
        "threads), medians of several runs. `times` above 1: Headstart is faster. The README in the folder of each script describes "
        "the comparison and how it is kept fair.",
        "",
        "| name | quantity | peer | Headstart | peer's | times | quality, Headstart first | measured |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, path in found.items():
        day = datetime.date.fromtimestamp(path.stat().st_mtime)
        for row in json.loads(path.read_text())["rows"]:
            sides = [f"{number(row[side])}{row['unit']}" for side in ("ours", "theirs")]
            lines.append(
                f"| {name} | {row['what']} | {row['peer']} | {sides[0]} | {sides[1]} | {row['times']:.1f} | {row['quality']} | {day} |"
            )
    if failed:
        lines += ["", f"Not measured in the last run: {', '.join(failed)}."]
    out.mkdir(parents=True, exist_ok=True)
    path = out / "README.md"
    path.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
    print(f"written to {path}", file=sys.stderr)


def number(value):
    """Returns three digits with an SI prefix."""
    if value < 1e-3:
        return f"{1e6 * value:.3g} µ"
    if value < 1:
        return f"{1e3 * value:.3g} m"
    return f"{value:,.0f} " if value >= 100 else f"{value:.3g} "


if __name__ == "__main__":
    main()
