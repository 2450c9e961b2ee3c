// Names of what the panel keeps: chance, so that no two are the same.
export function new_id(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  // Plain http outside localhost has no randomUUID; the same 122 bits of chance.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (one) => one.toString(16).padStart(2, '0')).join('');
}
