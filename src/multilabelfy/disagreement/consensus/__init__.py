"""What the votes on a label come to, by a rule or by a model of who answers how reliably."""
