"""Tests of a graphics card are collected where there is one: elsewhere there is nothing to skip."""

import torch

collect_ignore = [] if torch.cuda.is_available() else ["test_on_a_card.py"]
