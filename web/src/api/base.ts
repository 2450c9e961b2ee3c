/** Where the interface of the server stands. */
export const base = '/api/v1';
