"""Run benchmarks and keep their figures: `python benchmarks/run.py [name ...]`.

Each benchmark prints its figures for people and, as its last line, one JSON document. The documents go to
docs/measurements/figures.json with the machine, the versions and the commit; docs/measurements tells what they mean.
"""

import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
FIGURES = HERE.parent / "docs" / "measurements" / "figures.json"
VERSIONS = ("msgspec", "numpy", "deltalake", "duckdb", "pyarrow", "websockets")


def main() -> int:
    """Run the named benchmarks, or all."""
    names = sys.argv[1:] or sorted(path.stem for path in HERE.glob("*.py") if path.stem != "run")
    kept = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    for name in names:
        print(f"== {name}", flush=True)
        figures = run(name)
        if figures is None:
            return 1
        kept[name] = {"figures": figures, "where": where()}
        FIGURES.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n")
    return 0


def run(name: str) -> dict[str, object] | None:
    """Run one benchmark, its output passed through; its JSON, or None when it failed."""
    process = subprocess.Popen([sys.executable, HERE / f"{name}.py"], stdout=subprocess.PIPE, text=True)
    last = ""
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        last = line.strip() or last
    if process.wait() != 0:
        print(f"{name} failed with exit code {process.returncode}", file=sys.stderr)
        return None
    figures = json.loads(last)
    assert isinstance(figures, dict)
    return figures


def where() -> dict[str, object]:
    """The machine, the versions and the commit that figures belong to."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "cpu": cpu(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "commit": commit.stdout.strip(),
        "versions": {name: importlib.metadata.version(name) for name in VERSIONS},
    }


def cpu() -> str:
    """The processor's name, as the system says."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    sys.exit(main())
