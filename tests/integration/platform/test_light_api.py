from __future__ import annotations

import subprocess
import sys

HEAVY = ("av", "PIL", "pillow_heif", "numpy", "scenedex.media", "scenedex.engines", "scenedex.analysis.stages")


def test_the_api_process_loads_no_decoder_and_no_engine() -> None:
    program = "import sys, scenedex.app, scenedex.wiring; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()

    assert [name for name in HEAVY if name in loaded] == []
