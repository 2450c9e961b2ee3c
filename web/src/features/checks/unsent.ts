// What was typed and is not on the server yet, kept in this browser: it outlives a reload, a
// closed tab and a server that is away. One entry per account and check.
import type { CheckAnswer } from '../../api/types';

/** An answer as typed: when, and what stood on the server when typing began. */
export interface Typed extends CheckAnswer {
  typed_at: number;
  base: CheckAnswer;
}
/** A second of the recording shown for an item; `key` makes the request safe to repeat. */
export interface Mark {
  key: string;
  item: string;
  clip_sample: number;
}
/** Text that lost against a newer one; it stays beside it until the person lets it go. */
export interface Aside {
  item: string;
  answer: string;
  comment: string;
  at: number;
  /** It was typed here, and the newer one elsewhere. */
  own: boolean;
}
export interface Unsent {
  typed: Typed[];
  marks: Mark[];
  asides: Aside[];
}
export interface Shelf {
  load: () => Unsent;
  save: (unsent: Unsent) => void;
}

const prefix = 'otklik.unsent.';
const name_of = (account: string, check: string) => `${prefix}${account}.${check}`;
export const nothing_unsent: Unsent = { typed: [], marks: [], asides: [] };

function read(name: string): Unsent {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(name) ?? 'null');
    if (typeof value !== 'object' || value === null) return nothing_unsent;
    const list = (part: unknown) => (Array.isArray(part) ? part : []);
    const { typed, marks, asides } = value as Record<keyof Unsent, unknown>;
    return { typed: list(typed), marks: list(marks), asides: list(asides) };
  } catch {
    return nothing_unsent; // storage refused, or what is there is not ours
  }
}

export function shelf_of(account: string, check: string): Shelf {
  const name = name_of(account, check);
  return {
    load: () => read(name),
    save: (unsent) => {
      try {
        const empty = unsent.typed.length + unsent.marks.length + unsent.asides.length === 0;
        if (empty) localStorage.removeItem(name);
        else localStorage.setItem(name, JSON.stringify(unsent));
      } catch {
        // Storage may be full or forbidden; the page itself still holds what was typed.
      }
    },
  };
}

const opened = new Set<string>();
/** Says that a page holds the check; the returned function says that it does no more. */
export function hold_open(check: string): () => void {
  opened.add(check);
  return () => opened.delete(check);
}
export const is_open = (check: string): boolean => opened.has(check);

/** Checks of the account that have something to send. */
export function unsent_checks(account: string): string[] {
  try {
    return Object.keys(localStorage)
      .filter((name) => name.startsWith(name_of(account, '')))
      .filter((name) => read(name).typed.length + read(name).marks.length > 0)
      .map((name) => name.slice(name_of(account, '').length));
  } catch {
    return [];
  }
}
