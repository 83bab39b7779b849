"""What a server needs beside its pages: its address and certificate, its background jobs, whether it is ready, how it ends."""
