// One fragment for whoever holds its link, without an account. The secret stands behind # and goes
// to the server in a header alone: no address, log or preview of a messenger holds it.
import '../assets/font.css';
import '../ui/tokens.css';
import './listen.css';
import { el } from '../panel/dom';
import { chosen_lang, lang, locale, set_lang, t } from '../panel/words';
import { Refused, fetch_clip, fetch_sound, type HeardClip } from './api';
import { Pair, clock_text } from './sound';

const root = document.getElementById('root') ?? document.body;
// Asked once for a page: drawn in another language, it is the same visit and the same sound.
let clip: HeardClip | null = null;
let pair: Pair | null = null;

function put(...children: (Node | string | false)[]): void {
  root.replaceChildren(el('main', { class: 'l-page' }, ...children, languages()));
}

function languages(): HTMLElement {
  const one = (code: 'ru' | 'en') =>
    el(
      'button',
      {
        type: 'button',
        class: 'l-lang',
        'aria-pressed': lang() === code ? 'true' : 'false',
        click: () => void set_lang(code, true).then(show),
      },
      t(`ui.panel.lang_${code}`),
    );
  return el('p', { class: 'l-foot' }, one('ru'), one('en'));
}

function failed(error: unknown): void {
  const refused = error instanceof Refused ? error : new Refused(0, '');
  const over = refused.status === 404;
  document.title = t(over ? 'ui.listen.over' : 'ui.listen.failed');
  put(
    el('h1', {}, document.title),
    el(
      'p',
      { role: 'alert' },
      refused.message || t(over ? 'ui.listen.over_what' : 'ui.listen.offline'),
    ),
    !over &&
      el(
        'button',
        { type: 'button', class: 'l-btn', click: () => void show() },
        t('ui.listen.again'),
      ),
  );
}

function when(at: string, zone: string): string {
  return new Intl.DateTimeFormat(locale(), {
    timeZone: zone,
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(at));
}

/** Which side is heard; both at first. */
function sides(heard: HeardClip, sound: Pair): HTMLElement | false {
  if (heard.tracks.length < 2) return false;
  const all = [-1, ...heard.tracks.map((_, i) => i)];
  const name = (i: number) => {
    const role = heard.tracks[i]?.role ?? '';
    return i < 0
      ? t('ui.listen.both')
      : ['client', 'employee', 'left', 'right'].includes(role)
        ? t(`ui.listen.role_${role}`)
        : t('ui.listen.role_other', { n: i + 1 });
  };
  const buttons = all.map((i) =>
    el(
      'button',
      {
        type: 'button',
        class: 'l-btn',
        'aria-pressed': i === sound.alone ? 'true' : 'false',
        click: () => {
          sound.hear(i);
          buttons.forEach((one, at) =>
            one.setAttribute('aria-pressed', all[at] === i ? 'true' : 'false'),
          );
        },
      },
      name(i),
    ),
  );
  return el(
    'div',
    { class: 'l-row', role: 'group', 'aria-label': t('ui.listen.sides') },
    ...buttons,
  );
}

/** To the nearest second: a gap of 22.99 s at the end ends where the sound does. */
const near = (ms: number) => clock_text(Math.round(ms / 1000) * 1000);

function gaps(heard: HeardClip): HTMLElement | false {
  if (heard.gaps.length === 0) return false;
  return el(
    'section',
    {},
    el('h2', {}, t('ui.listen.gaps')),
    el(
      'ul',
      {},
      ...heard.gaps.map((gap) =>
        el('li', {}, `${near(gap.begin_ms)}–${near(gap.begin_ms + gap.length_ms)}: ${gap.text}`),
      ),
    ),
  );
}

function draw(heard: HeardClip, sound: Pair): void {
  document.title = `${heard.label}, ${heard.point_name}`;
  const jump = (to_ms: number, text: string) =>
    el('button', { type: 'button', class: 'l-btn', click: () => sound.seek(to_ms / 1000) }, text);
  put(
    el(
      'header',
      {},
      el('p', { class: 'l-2' }, heard.company_name),
      el('h1', {}, heard.label),
      el('p', {}, `${heard.point_name}, ${when(heard.at, heard.zone)}`),
      Boolean(heard.question_text) && el('p', { class: 'l-2' }, heard.question_text ?? ''),
    ),
    sound.node,
    el(
      'div',
      { class: 'l-row' },
      jump(heard.press_ms, t('ui.listen.press', { time: clock_text(heard.press_ms) })),
      el(
        'button',
        { type: 'button', class: 'l-btn', click: () => sound.seek(sound.at - 5) },
        t('ui.listen.back'),
      ),
    ),
    sides(heard, sound),
    gaps(heard),
    el('p', { class: 'l-2' }, t('ui.listen.until', { time: when(heard.expires_at, heard.zone) })),
  );
}

async function show(): Promise<void> {
  try {
    const token = location.hash.slice(1);
    clip ??= await fetch_clip(token);
    if (!pair) {
      put(el('p', { class: 'l-2', 'aria-busy': 'true' }, t('ui.listen.loading')));
      const sounds = await Promise.all(clip.tracks.map((one) => fetch_sound(token, one.channel)));
      pair = new Pair(sounds, `${clip.label}, ${clip.point_name}`);
    }
    draw(clip, pair);
  } catch (error) {
    failed(error);
  }
}

// Another link opened in this tab changes nothing but what stands behind #.
addEventListener('hashchange', () => location.reload());

void set_lang(chosen_lang(), false).then(show);
