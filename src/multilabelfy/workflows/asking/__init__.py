"""Ask machines what people are asked."""
