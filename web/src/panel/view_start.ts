// Before the keys: pairing by a code, and whose shift it is.
import { ask, Refused } from './api';
import { el } from './dom';
import type { Panel } from './panel';
import { lang, set_lang, t } from './words';

export const words_of = (error: unknown): string =>
  error instanceof Refused && error.status !== 0
    ? error.message || t('ui.panel.failed', { status: error.status })
    : t('ui.panel.offline');

/** Both languages by their own names: whoever reads only one of them finds it. */
function languages(again: () => void): HTMLElement {
  const one = (code: 'ru' | 'en') =>
    el(
      'button',
      {
        type: 'button',
        class: 'p-btn',
        'aria-pressed': lang() === code ? 'true' : 'false',
        click: () => void set_lang(code, true).then(again),
      },
      t(`ui.panel.lang_${code}`),
    );
  return el('div', { class: 'p-row' }, one('ru'), one('en'));
}

export function pair_page(panel: Panel, code: string, again: () => void): HTMLElement {
  const said = el('p', { class: 'p-said', role: 'alert' });
  const input = el('input', {
    class: 'p-code',
    id: 'code',
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
    maxlength: 12,
    value: code,
  });
  const send = async (event?: Event) => {
    event?.preventDefault();
    said.textContent = '';
    try {
      await panel.pair(input.value);
      again();
    } catch (error) {
      said.textContent = words_of(error);
      input.select();
    }
  };
  const page = el(
    'main',
    { class: 'p-page p-start' },
    el('h1', {}, t('ui.panel.pair_title')),
    panel.revoked && el('p', { class: 'p-said' }, t('ui.panel.revoked')),
    panel.waiting > 0 && el('p', {}, t('ui.panel.kept', { n: panel.waiting })),
    el('p', { class: 'p-2' }, t('ui.panel.pair_what')),
    el(
      'form',
      { class: 'p-form', submit: (event: Event) => void send(event) },
      el('label', { for: 'code' }, t('ui.panel.code')),
      input,
      said,
      el('button', { type: 'submit', class: 'p-btn p-primary' }, t('ui.panel.pair')),
    ),
    panel.token !== null &&
      !panel.revoked &&
      el('button', { type: 'button', class: 'p-btn', click: again }, t('ui.panel.back')),
    languages(again),
  );
  if (code) void send();
  return page;
}

interface Name {
  id: string;
  name: string;
}

function pin_page(panel: Panel, person: Name, back: () => void, again: () => void): HTMLElement {
  let pin = '';
  let busy = false;
  const said = el('p', { class: 'p-said', role: 'alert' });
  const dots = el('p', { class: 'p-dots', role: 'status' });
  const show = () => {
    dots.textContent = '•'.repeat(pin.length) || '\u00a0';
    dots.setAttribute('aria-label', t('ui.panel.pin_typed', { n: pin.length }));
  };
  const send = async () => {
    if (busy || pin.length < 4) return;
    busy = true;
    try {
      await panel.begin_shift(person.id, pin);
      again();
    } catch (error) {
      said.textContent = words_of(error);
      pin = '';
      show();
    }
    busy = false;
  };
  const type = (digit: string) => {
    said.textContent = '';
    if (pin.length < 8) pin += digit;
    show();
  };
  const erase = () => {
    pin = pin.slice(0, -1);
    show();
  };
  const key = (label: string, run: () => void, cls = '') =>
    el('button', { type: 'button', class: `p-btn ${cls}`, click: run }, label);
  const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((one) =>
    key(one, () => type(one)),
  );
  const page = el(
    'main',
    {
      class: 'p-page p-start',
      tabindex: -1,
      keydown: (event: KeyboardEvent) => {
        if (/^[0-9]$/.test(event.key)) type(event.key);
        else if (event.key === 'Backspace') erase();
        else if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) void send();
      },
    },
    el('h1', {}, person.name),
    el('p', { class: 'p-2' }, t('ui.panel.pin_what')),
    dots,
    said,
    el(
      'div',
      { class: 'p-digits' },
      ...digits,
      key(t('ui.panel.erase'), erase),
      key('0', () => type('0')),
      key(t('ui.panel.begin'), () => void send(), 'p-primary'),
    ),
    key(t('ui.panel.back'), back),
  );
  show();
  queueMicrotask(() => page.focus());
  return page;
}

export function shift_page(
  panel: Panel,
  put: (page: HTMLElement) => void,
  again: () => void,
): void {
  const list = el('div', { class: 'p-names' }, el('p', { class: 'p-2' }, t('ui.panel.wait')));
  // Shown when the names are: nothing may move under a finger.
  const rest = el(
    'div',
    { class: 'p-rest', hidden: true },
    el(
      'button',
      { type: 'button', class: 'p-btn', click: () => void panel.set_shift('skipped').then(again) },
      t('ui.panel.nameless'),
    ),
    languages(again),
  );
  const page = el(
    'main',
    { class: 'p-page p-start' },
    el('h1', {}, t('ui.panel.who')),
    el('p', { class: 'p-2' }, panel.view?.point_name ?? ''),
    list,
    rest,
  );
  const name = (one: Name) =>
    el(
      'button',
      {
        type: 'button',
        class: 'p-btn p-name',
        click: () => put(pin_page(panel, one, () => put(page), again)),
      },
      one.name,
    );
  const fill = async () => {
    try {
      const { items } = await ask<{ items: Name[] }>('GET', '/panel/people', panel.token);
      list.replaceChildren(
        ...(items.length > 0
          ? items.map(name)
          : [el('p', { class: 'p-2' }, t('ui.panel.no_names'))]),
      );
    } catch (error) {
      list.replaceChildren(
        el('p', { class: 'p-said' }, `${words_of(error)} ${t('ui.panel.shift_later')}`),
        el(
          'button',
          { type: 'button', class: 'p-btn', click: () => void fill() },
          t('ui.panel.retry'),
        ),
      );
    }
    rest.hidden = false;
  };
  put(page);
  void fill();
}
