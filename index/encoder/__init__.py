"""Texts -> unit vectors. Takes texts; gives float32 rows, by the model that ships or one named."""
