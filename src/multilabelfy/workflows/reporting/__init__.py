"""Gather what a report needs and write it."""
