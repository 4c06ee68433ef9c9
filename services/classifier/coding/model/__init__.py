"""The trained reader: its weights, how words become its input, and what it answers."""

import os

# The wheels of onnxruntime report to their maker over the network unless this is set before they are loaded,
# and keep a thread, a device number and a database under ~/.cache for it (its Privacy.md). Nobody who runs
# Tocsin was asked, and a worker opens no connection but to Redis.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
