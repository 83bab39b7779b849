"""What the pages with a desk share: annotate, refine and quick refining."""
