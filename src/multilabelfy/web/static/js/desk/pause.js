// A pause that ends early when the connection returns, or an answer reaches the server.

export function pauseOrOnline(milliseconds, outbox) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
    addEventListener("online", resolve, { once: true });
    outbox.addEventListener("acknowledged", resolve, { once: true });
  });
}
