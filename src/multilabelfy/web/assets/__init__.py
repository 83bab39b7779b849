"""What a page loads besides itself: styles, scripts, words, charts, pictures."""
