"""The only room that knows torch, timm or ONNX Runtime: one scorer a file."""
