// The state of the panel and what it does; views draw it. One per page.
import { ask, Refused, type PanelButton, type PanelView } from './api';
import type { Known, Stamp } from './clock';
import { hold_ms } from './gestures';
import { new_id } from './ids';
import { codes, play, prepare } from './marker';
import { Sender } from './queue';
import { Store, type Item } from './store';

export type Shift = 'off' | 'on' | 'skipped';
export interface Paused {
  id: string;
  reason: string;
  since: number; // wall
}
/** A press that may still be withdrawn. */
export interface Fresh {
  id: string;
  n: Promise<number>;
  label: string;
  key: string;
  kind: string;
  at: number; // mono
  wall: number;
}

export const undo_ms = 10_000;
const poll_ms = 15_000;
const live_poll_ms = 5_000; // the lamp tells the age of the last second
const clock_known_for_ms = 60_000;
const mark_asks = 5; // of the server's clock, for a mark
export const mark_rest_ms = 60_000; // a recorder tells marks apart that are a quarter minute away

interface Heard {
  offset: number;
  server: number;
  about?: number; // half of the way there and back
}

export class Panel {
  readonly store = new Store();
  readonly boot = new_id();
  view: PanelView | null = null;
  token: string | null = null;
  shift: Shift = 'off';
  paused: Paused | null = null;
  revoked = false;
  offline_since: number | null = null;
  waiting = 0;
  refused = 0;
  fresh: Fresh[] = [];
  /** Of the audible mark; empty: none since a while. */
  mark: '' | 'plays' | 'done' | 'silent' = '';
  /** Draws again what may have changed. */
  onchange: () => void = () => undefined;

  private heard: Heard | null = null;
  private heard_mono = -Infinity;
  private sender = new Sender(this.store, {
    token: () => (this.revoked ? null : this.token),
    clock: () => this.clock(),
    told: ({ failed, refused = 0 }) => {
      this.refused += refused;
      if (failed) this.failed(failed);
      else this.reached();
      if (!failed) this.tabs?.postMessage('less');
      void this.recount();
    },
  });
  private tabs =
    typeof BroadcastChannel === 'function' ? new BroadcastChannel('otklik-panel') : null;

  async start(): Promise<void> {
    await this.store.start();
    this.token = (await this.store.get<string>('token')) ?? null;
    this.view = (await this.store.get<PanelView>('view')) ?? null;
    this.shift = (await this.store.get<Shift>('shift')) ?? 'off';
    this.paused = (await this.store.get<Paused | null>('paused')) ?? null;
    this.heard = (await this.store.get<Heard>('heard')) ?? null;
    this.refused = ((await this.store.get<Item[]>('refused')) ?? []).length;
    await this.recount();
    if (this.tabs) this.tabs.onmessage = () => void this.recount();
    window.addEventListener('online', () => void this.refresh());
    window.addEventListener('offline', () => this.failed(new Refused(0, 'offline', '')));
    void navigator.storage?.persist?.().catch(() => false);
    void prepare().catch(() => undefined);
    void this.poll();
  }

  private async poll(): Promise<void> {
    await this.refresh();
    setTimeout(() => void this.poll(), this.view?.feed === 'live' ? live_poll_ms : poll_ms);
  }

  /** Asks what to show, and sends what waits when the server answers. */
  async refresh(): Promise<void> {
    if (!this.token) return;
    try {
      await this.fetch_view();
      this.sender.wake();
    } catch (error) {
      if (error instanceof Refused) this.failed(error);
    }
  }

  private async fetch_view(): Promise<void> {
    const [sent, sent_mono] = [Date.now(), performance.now()];
    const view = await ask<PanelView>('GET', '/panel', this.token);
    const half = (performance.now() - sent_mono) / 2;
    const server = Date.parse(view.server_at);
    this.heard = { offset: server - (sent + half), server, about: half };
    this.heard_mono = performance.now();
    this.view = view;
    this.reached();
    await this.store.set('view', view);
    await this.store.set('heard', this.heard);
  }

  private async clock(): Promise<Known> {
    const old = performance.now() - this.heard_mono > clock_known_for_ms;
    const before = { ...this.heard };
    if (old || !this.heard) await this.fetch_view();
    const { offset = 0, about } = this.heard ?? before;
    return { ...this.read(), offset, about };
  }

  private read() {
    return { wall: Date.now(), mono: performance.now(), boot: this.boot };
  }
  private stamp(): Stamp {
    const { offset = null, server = null } = this.heard ?? {};
    return { ...this.read(), offset, heard: server };
  }
  /** The time of the server as well as we know it. */
  server_now(): number {
    return Date.now() + (this.heard?.offset ?? 0);
  }

  private failed(error: Refused): void {
    if (error.status === 401) this.revoked = true;
    else this.offline_since ??= Date.now();
    this.onchange();
  }
  private reached(): void {
    this.offline_since = null;
    this.revoked = false;
    this.onchange();
  }
  private async recount(): Promise<void> {
    this.waiting = await this.store.count();
    this.onchange();
  }

  private async put(item: Item): Promise<number> {
    const n = await this.store.add(item);
    this.tabs?.postMessage('more');
    await this.recount();
    this.sender.wake();
    return n;
  }

  async pair(code: string): Promise<void> {
    const got = await ask<{ token: string }>('POST', '/panel/pair', null, { code });
    this.token = got.token;
    this.revoked = false;
    await this.store.set('token', got.token);
    await this.refresh();
  }

  // Presses. The meaning is looked up at the moment of the press: the map may change tonight.
  buttons(): PanelButton[] {
    const now = this.server_now();
    const maps = this.view?.maps ?? [];
    const held = maps.filter((map) => Date.parse(map.valid_from) <= now);
    return (held[held.length - 1] ?? maps[0])?.buttons ?? [];
  }
  question(): { text: string; prompts: string } | undefined {
    if (!this.view) return undefined;
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: this.view.zone }).format(
      this.server_now(),
    );
    return this.view.questions.find((one) => one.day === day);
  }

  press(button: PanelButton, heard: boolean, may_change: boolean): Fresh {
    const stamp = this.stamp();
    const item: Item = { deed: 'press', id: new_id(), key: button.key, stamp };
    if (heard) item.heard = true;
    if (may_change) item.hold_until = stamp.wall + hold_ms;
    const { key, label, kind } = button;
    const made = { id: item.id, label, key, kind, at: stamp.mono, wall: stamp.wall };
    const fresh: Fresh = { ...made, n: this.put(item) };
    this.fresh = [...this.fresh_now(), fresh];
    return fresh;
  }
  async settle(fresh: Fresh, key: string, label: string): Promise<void> {
    Object.assign(fresh, { key, label });
    await this.store.amend(await fresh.n, { key, hold_until: 0 });
    this.sender.wake();
  }
  fresh_now(): Fresh[] {
    const now = performance.now();
    return this.fresh.filter((one) => now - one.at < undo_ms);
  }
  async undo(fresh: Fresh): Promise<void> {
    this.fresh = this.fresh.filter((one) => one !== fresh);
    await fresh.n; // the press goes before what withdraws it
    await this.put({ deed: 'undo', id: fresh.id, stamp: this.stamp() });
  }
  async score(fresh: Fresh, score: number): Promise<void> {
    await fresh.n;
    await this.put({ deed: 'score', id: fresh.id, score, stamp: this.stamp() });
  }

  // The mark for a recorder.
  /** Nobody stands at the panel: a mark before a customer is never played. */
  may_mark(): boolean {
    return this.mark !== 'plays' && this.mark !== 'done' && this.fresh_now().length === 0;
  }
  async play_mark(): Promise<void> {
    if (!this.may_mark()) return;
    this.tell_mark('plays');
    try {
      await this.hear_server();
      if (this.fresh_now().length > 0) return this.tell_mark(''); // somebody came meanwhile
      const count =
        ((await this.store.get<number>('marks')) ?? Math.floor(Math.random() * codes)) + 1;
      await this.store.set('marks', count);
      const played = await play(count % codes);
      const now = this.stamp();
      const ago = now.mono - played.mono;
      const stamp = { ...now, mono: played.mono, wall: now.wall - ago, about: this.heard?.about };
      const { id, code, about, latency } = played;
      await this.put({ deed: 'mark', id, code, about, latency, stamp });
      this.tell_mark('done');
      setTimeout(() => this.tell_mark(''), mark_rest_ms);
    } catch {
      this.tell_mark('silent');
    }
  }
  private tell_mark(mark: Panel['mark']): void {
    this.mark = mark;
    this.onchange();
  }
  /** The server's clock as well as this network lets know it: the quickest answer of some. */
  private async hear_server(): Promise<void> {
    let best: Heard | null = null;
    for (let i = 0; i < mark_asks && this.token; ++i) {
      try {
        await this.fetch_view();
      } catch {
        break; // without network the last known distance serves, and its doubt
      }
      if (!best || (this.heard?.about ?? 0) < (best.about ?? 0)) best = this.heard;
    }
    if (best) this.heard = best;
  }

  // The shift and the pause.
  async begin_shift(person_id: string, pin: string): Promise<void> {
    await ask('POST', '/panel/shift', this.token, { person_id, pin });
    await this.set_shift('on');
    // Sound that comes by files has a clock of its own, so each shift begins with a mark.
    void this.refresh().then(() => (this.view?.feed === 'files' ? this.play_mark() : undefined));
  }
  async set_shift(shift: Shift): Promise<void> {
    this.shift = shift;
    await this.store.set('shift', shift);
    this.onchange();
  }
  async end_shift(): Promise<void> {
    if (this.shift === 'on')
      await this.put({ deed: 'shift_end', id: new_id(), stamp: this.stamp() });
    await this.set_shift('off');
  }
  async pause(reason: string): Promise<void> {
    const id = new_id();
    this.paused = { id, reason, since: Date.now() };
    this.onchange();
    await this.put({ deed: 'pause', id, reason, stamp: this.stamp() });
    await this.store.set('paused', this.paused);
  }
  async resume(): Promise<void> {
    if (!this.paused) return;
    const { id } = this.paused;
    this.paused = null;
    this.onchange();
    await this.put({ deed: 'resume', id, stamp: this.stamp() });
    await this.store.set('paused', null);
  }
}
