# SPDX-License-Identifier: Apache-2.0
"""All console transcripts of this folder."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run  # noqa: E402

sys.exit(run.main(sys.argv[1:]))
