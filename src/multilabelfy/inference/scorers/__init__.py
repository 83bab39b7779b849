"""One scorer a file, with what several of them share: cards, prepared pictures, softmax, networks."""
