"""A network at work: in torch or through ONNX Runtime, in fewer bits, and what it makes of a picture before its last layer."""
