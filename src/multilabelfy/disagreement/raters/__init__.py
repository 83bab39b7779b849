"""How each annotator answers: errors, speed, drift, carelessness, and who errs together with whom."""
