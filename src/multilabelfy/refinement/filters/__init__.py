"""Which images somebody wants to see: conditions on the disputed ones, and on all."""
