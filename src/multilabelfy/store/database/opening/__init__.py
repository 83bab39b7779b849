"""Opening a database and its transactions: where it lies, how it is set up, whether it can be written, who watches."""
