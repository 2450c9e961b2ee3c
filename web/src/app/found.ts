// What `Ctrl K` finds: rows whose words begin with those typed, and a thing named by its id.

export interface Found {
  id: string;
  /** Heading it stands under. */
  group: string;
  name: string;
  /** A second, grey word: the site of a point, the time of a signal. */
  more?: string;
  to: string;
}

const plain = (text: string) => text.toLowerCase().replace(/\u0451/g, '\u0435');

/** Every typed word begins some word of the row; nothing typed finds all. */
export function fits(row: Pick<Found, 'name' | 'more'>, typed: string): boolean {
  const words = plain(`${row.name} ${row.more ?? ''}`).split(/[^\p{L}\p{N}:]+/u);
  return plain(typed)
    .split(/\s+/)
    .filter(Boolean)
    .every((part) => words.some((one) => one.startsWith(part)));
}

const id_form = /^(signal|clip|check|draw|recording)_[0-9a-hjkmnp-tv-z]{13}$/;
/** The kind of thing a pasted id names. */
export function kind_of_id(typed: string): string | undefined {
  return id_form.exec(typed.trim())?.[1];
}

/** What is at hand and what the server found, each once, under one heading per kind. */
export function joined(near: readonly Found[], far: readonly Found[], most: number): Found[] {
  const known = new Set(near.map((one) => one.id));
  const all = [...near, ...far.filter((one) => !known.has(one.id))].slice(0, most);
  const groups = [...new Set(all.map((one) => one.group))];
  return groups.flatMap((group) => all.filter((one) => one.group === group));
}
