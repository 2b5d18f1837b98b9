"""Texts -> unit vectors. Takes texts; gives float32 rows, by the model that ships or one named.

`running` runs the encoder that ships, model/, with onnxruntime; `shipped` keeps the vectors of the
text that ships with it; `embedding` loads any other model, by folder or hub name.
"""
