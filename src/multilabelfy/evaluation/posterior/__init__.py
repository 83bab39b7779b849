"""The headline by the posterior of the votes: expected shares, with an interval that says what makes it wide."""
