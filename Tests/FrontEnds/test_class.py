"""A class of three in a real JupyterHub, set up by kernelspec/hub; Tests/Benchmarks/classroom.py measures one of fifty."""

import subprocess
import sys

from conftest import ROOT


def test_students_get_their_tables_and_lose_nothing_when_kernels_are_culled():
    result = subprocess.run(
        [sys.executable, str(ROOT / "Tests/Benchmarks/classroom.py"), "--users", "3", "--within", "5", "--no-bars"],
        capture_output=True, text=True, timeout=290)
    print(result.stdout)
    assert result.returncode == 0, result.stderr
    assert "3 notebooks as they were" in result.stdout
