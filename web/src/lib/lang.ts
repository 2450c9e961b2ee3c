// The language in force and the messages of the catalogue i18n/{ru,en}.json (ICU).
import { IntlMessageFormat } from 'intl-messageformat';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type ru from '../../../i18n/ru.json';

export type Lang = 'ru' | 'en';
export type Key = Extract<keyof typeof ru, `ui.${string}`>;
export type Params = Record<string, string | number | boolean | Date | null | undefined>;

type Catalogue = Record<string, string>;

type Load = () => Promise<{ default: Catalogue }>;
// The words of the first page come with it; those of the other pages, with the first of them.
const loaders: Record<Lang, { first: Load; later: Load }> = {
  ru: {
    first: () => import('../../../i18n/ru.json?first'),
    later: () => import('../../../i18n/ru.json?later'),
  },
  en: {
    first: () => import('../../../i18n/en.json?first'),
    later: () => import('../../../i18n/en.json?later'),
  },
};

const storage_key = 'otklik.lang';
const listeners = new Set<() => void>();
let current: Lang = 'ru';
let messages: Catalogue = {};
let compiled = new Map<string, IntlMessageFormat>();
let later_wanted: Promise<void> | null = null;

export function lang(): Lang {
  return current;
}

/** The BCP 47 tag for Intl. English dates keep day before month, as the pictures do. */
export function locale(): string {
  return current === 'ru' ? 'ru-RU' : 'en-GB';
}

export function chosen_lang(): Lang {
  try {
    const kept = localStorage.getItem(storage_key);
    if (kept === 'ru' || kept === 'en') return kept;
  } catch {
    // Storage may be forbidden; the browser's language decides then.
  }
  return typeof navigator !== 'undefined' && !/^(ru|be|kk|uk)/i.test(navigator.language)
    ? 'en'
    : 'ru';
}

/** Puts a catalogue in force; used at start, by the switch and by tests. */
export function use_catalogue(next: Lang, catalogue: Catalogue): void {
  current = next;
  messages = catalogue;
  compiled = new Map();
  if (typeof document !== 'undefined') document.documentElement.lang = next;
  listeners.forEach((told) => told());
}

async function load(next: Lang): Promise<Catalogue> {
  const { first, later } = loaders[next];
  const parts = await Promise.all(later_wanted ? [first(), later()] : [first()]);
  return Object.assign({}, ...parts.map((part) => part.default)) as Catalogue;
}

/** The words of the pages behind the first one; asked for together with their code. */
export function more_words(): Promise<void> {
  const language = current;
  later_wanted ??= loaders[language].later().then(
    ({ default: more }) => {
      // A language chosen meanwhile has brought its own.
      if (language === current) messages = { ...messages, ...more };
    },
    (error: unknown) => {
      later_wanted = null;
      throw error;
    },
  );
  return later_wanted;
}

/** Asks for them where a part of the first page has some; draws it anew when they are there. */
export function useMoreWords(): void {
  const [, draw] = useState(false);
  useEffect(() => {
    more_words().then(
      () => draw(true),
      () => undefined, // without them its title and its action still stand
    );
  }, []);
}

export async function set_lang(next: Lang, keep = true): Promise<void> {
  use_catalogue(next, await load(next));
  if (!keep) return;
  try {
    localStorage.setItem(storage_key, next);
  } catch {
    // The choice then lasts until the page is left.
  }
}

function message(key: string, text: string): IntlMessageFormat {
  const known = compiled.get(key);
  if (known) return known;
  const made = new IntlMessageFormat(text, locale(), undefined, { ignoreTag: true });
  compiled.set(key, made);
  return made;
}

/** The words of `key`; a key typed wrong does not compile. */
export function t(key: Key, params?: Params): string {
  return text_of(key, params) ?? key;
}

/** For keys made at run time (codes from the server); undefined where the catalogue is silent. */
export function text_of(key: string, params?: Params): string | undefined {
  const text = messages[key];
  // Most words have nothing to put in: they are not worth a parser.
  if (text === undefined || !/[{}']/.test(text)) return text;
  try {
    return String(message(key, text).format(params as Record<string, string>));
  } catch {
    // A missing parameter must not take the page down; the raw pattern still tells something.
    return text;
  }
}

function subscribe(told: () => void): () => void {
  listeners.add(told);
  return () => listeners.delete(told);
}

/** `t`, and the component renders again when the language changes. */
export function useT(): typeof t {
  useSyncExternalStore(subscribe, lang);
  return t;
}
export function useLang(): Lang {
  return useSyncExternalStore(subscribe, lang);
}
