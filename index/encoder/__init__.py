"""Texts -> unit vectors. Takes texts; gives float32 rows, by the model that ships or one named.

`running` runs the encoder that ships, model/, with onnxruntime; `shipped` keeps the vectors of the
text that ships with it; `embedding` loads any other model, by folder or hub name.
"""

import os

# Since 1.29 onnxruntime tells its maker of each process and model, and keeps an identifier of the
# machine in the home of whoever runs it, unless this is set before it is loaded.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
