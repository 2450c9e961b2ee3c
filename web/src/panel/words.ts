// The panel's words: a small reader of ICU messages, since the desk's formatter is a third of all
// that the panel may weigh. It knows {name} and {n, plural, one {…} few {…} other {…}}.

export type Lang = 'ru' | 'en';
export type Params = Record<string, string | number>;
type Catalogue = Record<string, string>;

const loaders: Record<Lang, () => Promise<{ default: Catalogue }>> = {
  ru: () => import('../../../i18n/ru.json?panel'),
  en: () => import('../../../i18n/en.json?panel'),
};
const storage_key = 'otklik.lang';
let current: Lang = 'ru';
let words: Catalogue = {};

export const lang = () => current;
export const locale = () => (current === 'ru' ? 'ru-RU' : 'en-GB');

export function chosen_lang(): Lang {
  try {
    const kept = localStorage.getItem(storage_key);
    if (kept === 'ru' || kept === 'en') return kept;
  } catch {
    // Storage may be forbidden; the browser's language decides then.
  }
  return /^(ru|be|kk|uk)/i.test(navigator.language) ? 'ru' : 'en';
}

export async function set_lang(next: Lang, keep: boolean): Promise<void> {
  words = (await loaders[next]()).default;
  current = next;
  document.documentElement.lang = next;
  if (!keep) return;
  try {
    localStorage.setItem(storage_key, next);
  } catch {
    // The choice then lasts until the page is left.
  }
}

/** The text between the brace at `open` and the one that closes it, and the place after it. */
function braced(text: string, open: number): [string, number] {
  let depth = 0;
  for (let at = open; at < text.length; ++at) {
    if (text[at] === '{') ++depth;
    if (text[at] === '}' && --depth === 0) return [text.slice(open + 1, at), at + 1];
  }
  return [text.slice(open + 1), text.length];
}

function branch(rest: string, value: number, tag: string): string {
  const wanted = new Intl.PluralRules(tag).select(value);
  const found: Record<string, string> = {};
  for (let at = rest.indexOf('{'); at >= 0; at = rest.indexOf('{', at)) {
    const name = /(\S+)\s*$/.exec(rest.slice(0, at))?.[1] ?? '';
    const [inside, next] = braced(rest, at);
    found[name] = inside;
    rest = rest.slice(next);
    at = 0;
    if (!rest.includes('{')) break;
  }
  return (found[wanted] ?? found.other ?? '').replaceAll('#', String(value));
}

export function format(text: string, params: Params, tag: string): string {
  let out = '';
  let at = 0;
  for (let open = text.indexOf('{'); open >= 0; open = text.indexOf('{', at)) {
    out += text.slice(at, open);
    const [inside, next] = braced(text, open);
    const [name = '', kind, ...more] = inside.split(',');
    const value = params[name.trim()] ?? '';
    out +=
      kind?.trim() === 'plural'
        ? format(branch(more.join(','), Number(value), tag), params, tag)
        : String(value);
    at = next;
  }
  return out + text.slice(at);
}

export function t(key: string, params: Params = {}): string {
  const text = words[key];
  return text === undefined ? key : format(text, params, locale());
}
