// The panel: one page, no framework. Which page is shown follows from the state alone.
import '../assets/font.css';
import '../ui/tokens.css';
import './panel.css';
import { Panel } from './panel';
import { end_page, pause_page, paused_page } from './view_pause';
import { press_view, type View } from './view_press';
import { pair_page, shift_page } from './view_start';
import { chosen_lang, set_lang, t } from './words';

const update_every_ms = 3_600_000;

const root = document.getElementById('root') ?? document.body;
const panel = new Panel();
let keys: View | null = null;
let shown = '';
let asked: '' | 'pause' | 'end' | 'code' = '';
let newer = false;

function put(node: HTMLElement): void {
  root.replaceChildren(node);
}
function leave_keys(): void {
  keys?.stop();
  keys = null;
}

/** A word per page: the page is built anew only when it changes. */
function place(): string {
  // A panel that was revoked keeps its keys: presses are kept until a new code comes.
  if (!panel.token || location.hash.length > 1 || asked === 'code') return 'pair';
  if (panel.revoked && panel.shift === 'off') return 'pair';
  if (panel.paused) return `paused ${Math.floor((Date.now() - panel.paused.since) / 60_000)}`;
  if (asked) return asked;
  return panel.shift === 'off' ? 'shift' : 'keys';
}

function draw(): void {
  const next = place();
  if (next === shown) {
    keys?.draw();
    return;
  }
  shown = next;
  leave_keys();
  const back = () => {
    asked = '';
    draw();
  };
  const again = () => {
    asked = '';
    shown = '';
    document.title = t('ui.panel.title');
    draw();
  };
  if (next === 'pair') {
    const code = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, '', location.pathname); // a used code is of no use in the address
    shown = 'pairing';
    put(pair_page(panel, code, again));
  } else if (next.startsWith('paused')) {
    asked = '';
    put(paused_page(panel));
  } else if (next === 'pause') {
    put(pause_page(panel, back));
  } else if (next === 'end') {
    put(end_page(panel, back, again));
  } else if (next === 'shift') {
    shift_page(panel, put, again);
  } else {
    const ask = (what: 'pause' | 'end' | 'code') => () => {
      asked = what;
      draw();
    };
    keys = press_view(panel, ask);
    put(keys.node);
  }
}

async function keep_awake(): Promise<void> {
  if (document.visibilityState !== 'visible') return;
  await navigator.wakeLock?.request('screen').catch(() => undefined);
}

/** A new version takes over when nothing is under the finger; what waits lies on the disk. */
async function stay_new(): Promise<void> {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  let had_one = Boolean(workers.controller); // the first worker is no newer version
  workers.addEventListener('controllerchange', () => {
    newer = had_one;
    had_one = true;
  });
  const one = await workers.register('/panel-sw.js', { scope: '/panel', updateViaCache: 'none' });
  setInterval(() => void one.update().catch(() => undefined), update_every_ms);
}

async function start(): Promise<void> {
  await set_lang(chosen_lang(), false);
  document.title = t('ui.panel.title');
  await panel.start();
  panel.onchange = () => {
    if (shown !== 'pairing') draw();
  };
  window.addEventListener('hashchange', draw);
  draw();
  setInterval(() => {
    if (shown.startsWith('paused')) draw();
    if (newer && keys?.idle()) location.reload();
  }, 1000);
  document.addEventListener('visibilitychange', () => void keep_awake());
  void keep_awake();
  await stay_new().catch(() => undefined); // plain http outside localhost has no worker
}

void start();
