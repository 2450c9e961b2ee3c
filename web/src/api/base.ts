// What every question to the server shares, with or without api/client.

/** Where the interface of the server stands. */
export const base = '/api/v1';
/** After so long without an answer the line counts as broken. */
export const answer_within_ms = 30_000;

/** Whether the server answers at all, whatever it says. */
export const server_answers = () =>
  fetch('/healthz').then(
    () => true,
    () => false,
  );
