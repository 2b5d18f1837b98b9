"""How the small models of the assistant were made.

Takes questions of ours with what answers them, searched as everyone's are; gives the ranker of
sentences and the decision to answer, as ONNX files with their cards. Needs scikit-learn and onnx,
which nothing that answers loads. `python -m assistant.learning` makes them all.
"""
