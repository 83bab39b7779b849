"""Commands of the stages: propose, find suspects, analyse and resolve, evaluate and report."""
