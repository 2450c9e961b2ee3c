// The keys. Built once per shift; what changes is changed in place, so that no key ever moves.
import type { PanelButton } from './api';
import { el, icon, ring } from './dom';
import { Gestures, typed_button } from './gestures';
import { undo_ms, type Fresh, type Panel } from './panel';
import { lamp_of, time_of } from './lamp';
import { locale, t } from './words';

const flash_ms = 150;
const pad_for_ms = 30_000; // a score that nobody typed leaves the screen
const ring_step_ms = 100;
const scores = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

const lines = (text: string) => text.split('\n').filter(Boolean);
const base_of = (key: string) => key.split(':')[0] ?? key;
/** Keys on the screen; «1:long» is a meaning of «1», not a key of its own. */
const shown = (buttons: readonly PanelButton[]) =>
  buttons.filter((one) => !one.key.includes(':')).slice(0, 6);

export interface View {
  node: HTMLElement;
  draw: () => void;
  stop: () => void;
  /** Nothing is under the finger: the page may be changed for a newer one. */
  idle: () => boolean;
}

export function press_view(
  panel: Panel,
  ask: (what: 'pause' | 'end' | 'code') => () => void,
): View {
  let heard = false;
  let scoring: Fresh | null = null;
  let prompted: Fresh | null = null;
  let last: Fresh | null = null;
  let drawn_keys = '';
  const lamp = el('span', { class: 'p-lamp', role: 'status' });
  const clock = el('span', { class: 'p-clock' });
  const top = el('div', { class: 'p-q' });
  const keys = el('div', { class: 'p-keys' });
  const foot = el('div', { class: 'p-foot' });
  const circle = ring();
  const undo_word = el('span', { class: 'p-undo-word' });
  const undo_button = el(
    'button',
    { type: 'button', class: 'p-btn p-undo', click: () => void undo() },
    t('ui.panel.undo'),
  );
  const state = el('span', { class: 'p-state', role: 'status' });
  const mark = el(
    'button',
    { type: 'button', class: 'p-btn p-mark', click: () => void panel.play_mark() },
    t('ui.panel.mark'),
  );

  const find = (key: string) => panel.buttons().find((one) => one.key === key);
  const meanings = (key: string) => ({
    long: Boolean(find(`${key}:long`)),
    double: Boolean(find(`${key}:double`)),
  });
  const node_of = (key: string) =>
    keys.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);

  function flash(key: string): void {
    const node = node_of(key);
    if (!node) return;
    node.classList.add('p-hit');
    navigator.vibrate?.(20);
    setTimeout(() => node.classList.remove('p-hit'), flash_ms);
  }
  function after_press(fresh: Fresh, button: PanelButton): void {
    prompted = button.prompts ? fresh : null;
    scoring = button.score_pad ? fresh : null;
    heard = false;
    draw();
  }
  const gestures = new Gestures(meanings, {
    begin: (key, may_change) => {
      const button = find(key);
      if (!button) return;
      flash(key);
      last = panel.press(button, heard, may_change);
      after_press(last, button);
    },
    settle: (key, gesture) => {
      const fresh = last;
      if (!fresh || base_of(fresh.key) !== key) return;
      const button = gesture ? find(`${key}:${gesture}`) : find(key);
      if (!button) return;
      if (gesture) flash(key);
      void panel.settle(fresh, button.key, button.label);
      after_press(fresh, button);
    },
  });

  async function undo(): Promise<void> {
    const fresh = panel.fresh_now().at(-1);
    if (!fresh) return;
    if (scoring === fresh) scoring = null;
    if (prompted === fresh) prompted = null;
    await panel.undo(fresh);
    draw();
  }
  function score(value: number | null): void {
    if (scoring && value !== null) void panel.score(scoring, value);
    scoring = null; // a customer's answer does not stay on the screen
    draw();
  }

  function key_node(button: PanelButton): HTMLElement {
    const node = el(
      'button',
      { type: 'button', class: 'p-key', 'data-key': button.key },
      icon(button.kind) as unknown as Node,
      el('span', {}, button.label),
    );
    node.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      // A finger that slides off still ends its own press.
      node.setPointerCapture(event.pointerId);
      gestures.down(button.key);
    });
    node.addEventListener('pointerup', () => gestures.up(button.key));
    node.addEventListener('pointercancel', () => gestures.up(button.key));
    node.addEventListener('contextmenu', (event) => event.preventDefault());
    // Enter, Space and screen readers come as a click without a pointer.
    node.addEventListener('click', (event) => {
      if (event.detail !== 0) return;
      gestures.down(button.key);
      gestures.up(button.key);
    });
    return node;
  }

  function draw_keys(): void {
    const buttons = shown(panel.buttons());
    const now = JSON.stringify(buttons.map((one) => [one.key, one.label, one.kind]));
    if (now === drawn_keys) return;
    drawn_keys = now;
    keys.dataset.count = String(buttons.length);
    keys.replaceChildren(...buttons.map(key_node));
    if (buttons.length === 0) keys.append(el('p', { class: 'p-2' }, t('ui.panel.no_keys')));
  }

  function draw_pad(): void {
    const key = (label: string, value: number | null, cls = '') =>
      el('button', { type: 'button', class: `p-btn ${cls}`, click: () => score(value) }, label);
    top.replaceChildren(
      el('p', { class: 'p-2' }, t('ui.panel.pad')),
      el('h1', {}, t('ui.panel.pad_what')),
      el(
        'div',
        { class: 'p-pad' },
        ...scores.map((one) => key(String(one), one)),
        key(t('ui.panel.pad_none'), null, 'p-none'),
      ),
    );
  }
  function choice(label: string, on: boolean, value: boolean): HTMLElement {
    const pick = () => {
      heard = value;
      draw();
    };
    const attributes = { type: 'button', class: 'p-btn', 'aria-pressed': String(on), click: pick };
    return el('button', attributes, label);
  }
  let drawn_top = '';
  function draw_top(): void {
    const question = panel.question();
    const button = prompted && find(prompted.key);
    const prompts = button ? button.prompts : heard ? '' : (question?.prompts ?? '');
    const now = JSON.stringify([scoring?.id, question, prompts, heard, button?.key]);
    if (now === drawn_top) return;
    drawn_top = now;
    if (scoring) {
      draw_pad();
      return;
    }
    const parts: (HTMLElement | string | undefined)[] = [
      el('p', { class: 'p-2' }, t('ui.panel.question')),
      el('h1', {}, heard || !question ? t('ui.panel.listen') : question.text),
      question &&
        el(
          'div',
          { class: 'p-row', role: 'group', 'aria-label': t('ui.panel.how') },
          choice(t('ui.panel.asked'), !heard, false),
          choice(t('ui.panel.heard'), heard, true),
        ),
      prompts && el('p', { class: 'p-2 p-ask' }, t('ui.panel.ask_on')),
      prompts && el('ul', {}, ...lines(prompts).map((one) => el('li', {}, one))),
    ];
    top.replaceChildren(...parts.filter((one) => one instanceof HTMLElement));
  }

  function draw_foot(): void {
    const fresh = panel.fresh_now().at(-1);
    if (fresh) {
      const left = 1 - (performance.now() - fresh.at) / undo_ms;
      circle.set(Math.max(0, left), String(Math.max(1, Math.ceil((left * undo_ms) / 1000))));
      const time = new Intl.DateTimeFormat(locale(), { timeStyle: 'medium' });
      const said = t('ui.panel.noted', { what: fresh.label });
      if (undo_word.dataset.of !== `${fresh.id}${fresh.label}`) {
        undo_word.dataset.of = `${fresh.id}${fresh.label}`;
        undo_word.replaceChildren(el('b', {}, said), el('small', {}, time.format(fresh.wall)));
      }
      if (!undo_button.isConnected) foot.replaceChildren(circle.node, undo_word, undo_button);
    } else {
      prompted = null;
      if (!state.isConnected) foot.replaceChildren(state, mark);
      mark.hidden = panel.view?.feed === 'none';
      mark.disabled = !panel.may_mark() || scoring !== null;
      const words = t(panel.mark ? `ui.panel.mark_${panel.mark}` : 'ui.panel.mark');
      if (mark.textContent !== words) mark.textContent = words;
    }
    const [words, tone] = state_of(panel);
    if (state.textContent !== words) state.textContent = words;
    state.dataset.tone = tone;
  }

  function draw(): void {
    if (scoring && performance.now() - scoring.at > pad_for_ms) scoring = null;
    draw_keys();
    draw_foot();
    draw_top();
    const { words, tone } = lamp_of(panel, panel.server_now());
    if (lamp.textContent !== words) lamp.textContent = words;
    lamp.dataset.tone = tone;
    code.hidden = !panel.revoked;
    clock.textContent = time_of(panel.server_now(), panel.view?.zone ?? 'UTC');
  }

  function typed(event: KeyboardEvent): void {
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey) return;
    const buttons = shown(panel.buttons());
    const at = typed_button(
      event.code,
      buttons.map((one) => one.code),
    );
    const button = buttons[at];
    if (!button) return;
    event.preventDefault();
    if (event.type === 'keyup') gestures.up(button.key);
    else if (!event.repeat) gestures.down(button.key);
  }

  const code = el(
    'button',
    { type: 'button', class: 'p-btn p-primary', click: ask('code') },
    t('ui.panel.enter_code'),
  );
  const node = el(
    'main',
    { class: 'p-page p-work' },
    el(
      'div',
      { class: 'p-head' },
      lamp,
      el('span', { class: 'p-gap' }),
      clock,
      code,
      el('button', { type: 'button', class: 'p-btn', click: ask('pause') }, t('ui.panel.pause')),
      el('button', { type: 'button', class: 'p-btn', click: ask('end') }, t('ui.panel.end_head')),
    ),
    top,
    keys,
    foot,
  );
  window.addEventListener('keydown', typed);
  window.addEventListener('keyup', typed);
  const timer = setInterval(draw, ring_step_ms);
  draw();
  return {
    node,
    draw,
    stop: () => {
      clearInterval(timer);
      window.removeEventListener('keydown', typed);
      window.removeEventListener('keyup', typed);
    },
    idle: () => !scoring && panel.fresh_now().length === 0,
  };
}

/** The quiet line: what is kept, what waits, and what somebody should do. */
function state_of(panel: Panel): [string, string] {
  const parts: string[] = [];
  let tone = '';
  if (panel.revoked) {
    parts.push(t('ui.panel.revoked_line'));
    tone = 'red';
  } else if (panel.offline_since !== null) {
    const since = time_of(panel.offline_since, panel.view?.zone ?? 'UTC');
    parts.push(t('ui.panel.no_net', { time: since }));
    tone = 'amber';
  }
  if (!panel.store.durable) {
    parts.push(t('ui.panel.memory'));
    tone = 'red';
  }
  if (panel.waiting > 0) parts.push(t('ui.panel.waits', { n: panel.waiting }));
  if (panel.refused > 0) parts.push(t('ui.panel.refused', { n: panel.refused }));
  return [parts.join(' · ') || t('ui.panel.all_sent'), tone];
}
