"""The only room that knows torch, timm, ONNX Runtime or cleanlab: scorers, and how they are kept at work."""
