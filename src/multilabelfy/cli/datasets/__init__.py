"""Commands about a dataset: bring it in and out, plan its study, set gold, rename or delete it."""
