// A private talk: why, since when, and the way back.
import { el } from './dom';
import type { Panel } from './panel';
import { lamp_of, time_of } from './lamp';
import { t } from './words';

const reasons = ['customer', 'private', 'staff', 'other'] as const;

export function pause_page(panel: Panel, back: () => void): HTMLElement {
  const one = (name: (typeof reasons)[number]) => {
    const words = t(`ui.panel.reason_${name}`);
    const run = () => void panel.pause(words);
    return el('button', { type: 'button', class: 'p-btn p-name', click: run }, words);
  };
  return el(
    'main',
    { class: 'p-page p-start' },
    el('h1', {}, t('ui.panel.pause_why')),
    el('p', { class: 'p-2' }, t('ui.panel.pause_what')),
    el('div', { class: 'p-names' }, ...reasons.map(one)),
    el('button', { type: 'button', class: 'p-btn', click: back }, t('ui.panel.back')),
  );
}

export function paused_page(panel: Panel): HTMLElement {
  const { since, reason } = panel.paused ?? { since: Date.now(), reason: '' };
  const minutes = Math.max(0, Math.floor((Date.now() - since) / 60_000));
  return el(
    'main',
    { class: 'p-page p-start' },
    el('p', { class: 'p-lamp', 'data-tone': 'amber' }, lamp_of(panel, Date.now()).words),
    el('h1', {}, t('ui.panel.paused', { n: minutes })),
    el(
      'p',
      { class: 'p-2' },
      t('ui.panel.paused_since', { time: time_of(since, panel.view?.zone ?? 'UTC'), reason }),
    ),
    el(
      'button',
      { type: 'button', class: 'p-btn p-primary p-big', click: () => void panel.resume() },
      t('ui.panel.resume'),
    ),
  );
}

export function end_page(panel: Panel, back: () => void, again: () => void): HTMLElement {
  return el(
    'main',
    { class: 'p-page p-start' },
    el('h1', {}, t('ui.panel.end_ask')),
    el('p', { class: 'p-2' }, t('ui.panel.end_what')),
    el(
      'button',
      {
        type: 'button',
        class: 'p-btn p-primary p-big',
        click: () => void panel.end_shift().then(again),
      },
      t('ui.panel.end'),
    ),
    el('button', { type: 'button', class: 'p-btn', click: back }, t('ui.panel.back')),
  );
}
