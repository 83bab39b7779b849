"""What those who run the server ask of it: is it well, what does it do, who asked what."""
