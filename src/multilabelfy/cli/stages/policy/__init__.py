"""Commands that say who is asked about what: plan a study, replay votes, decide the overlap and order the experts' queue."""
