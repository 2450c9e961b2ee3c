// Sends what was pressed, in order, one tab at a time. An answer takes an item off; silence never
// does. Sending again is harmless: the server knows a press by the id it was given here.
import { ask, Refused } from './api';
import { age_of, instant_of, type Known } from './clock';
import type { Item, Store } from './store';

const batch = 200;
const waits_ms = [1000, 2000, 5000, 10_000, 30_000, 60_000]; // after failures in a row
const lock_name = 'otklik-panel-send';

export interface Sending {
  token: () => string | null;
  /** The server's clock against ours; asks the server when it is not known well enough. */
  clock: () => Promise<Known>;
  /** Something left the queue, or did not. */
  told: (result: { failed?: Refused; refused?: number }) => void;
}

interface Answer {
  items: { press_id: string; answer: 'stored' | 'repeated' | 'refused'; code?: string }[];
}

function press_body(item: Item, now: Known) {
  const { age_ms, uncertainty_ms } = age_of(item.stamp, now);
  return {
    press_id: item.id,
    key: item.key,
    age_ms,
    uncertainty_ms,
    device_ms: Math.max(0, Math.round(item.stamp.wall)),
    ...(item.heard ? { heard: true } : {}),
  };
}

const addresses: Record<Exclude<Item['deed'], 'press'>, string> = {
  undo: '/presses/undo',
  score: '/presses/score',
  pause: '/panel/pauses',
  resume: '/panel/pauses/end',
  shift_end: '/panel/shift/end',
  mark: '/panel/markers',
};

function mark_body(item: Item, now: Known) {
  const { at, about } = instant_of(item.stamp, now);
  return {
    mark_id: item.id,
    code: item.code,
    played_at: new Date(at).toISOString(),
    uncertainty_ms: Math.ceil(about + (item.about ?? 0)),
    latency_ms: Math.round(item.latency ?? 0),
  };
}

function single_body(item: Item, now: Known): unknown {
  const aged = age_of(item.stamp, now);
  if (item.deed === 'mark') return mark_body(item, now);
  if (item.deed === 'undo') return { press_id: item.id };
  if (item.deed === 'score') return { press_id: item.id, score: item.score };
  if (item.deed === 'pause') return { pause_id: item.id, reason: item.reason, ...aged };
  if (item.deed === 'resume') return { pause_id: item.id, ...aged };
  return aged;
}

/** Said for good: asking once more would give the same words. */
const is_final = (error: Refused) => [400, 404, 409, 413, 422].includes(error.status);

export class Sender {
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running = false;
  private again = false;

  constructor(
    private readonly store: Store,
    private readonly sending: Sending,
  ) {}

  /** Now, or as soon as the sending that runs has ended. */
  wake(): void {
    if (this.running) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    void this.run();
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.wake(), ms);
  }

  private async run(): Promise<void> {
    this.running = true;
    this.again = false;
    try {
      if (navigator.locks) {
        const mine = { ifAvailable: true };
        await navigator.locks.request(lock_name, mine, async (lock) => {
          if (lock) await this.empty();
          else this.later(waits_ms[1] ?? 0); // the other tab sends
        });
      } else {
        await this.empty();
      }
    } catch {
      this.later(waits_ms[0] ?? 0); // the disk failed under us
    } finally {
      this.running = false;
      if (this.again) this.wake();
    }
  }

  private async empty(): Promise<void> {
    while (this.sending.token()) {
      const items = await this.store.first(batch);
      const head = items[0];
      if (!head) return;
      const held = (item: Item) => (item.hold_until ?? 0) - Date.now();
      if (held(head) > 0 && held(head) < 5000) {
        this.later(held(head) + 20);
        return;
      }
      try {
        const now = await this.sending.clock();
        if (head.deed === 'press') {
          const end = items.findIndex((one) => one.deed !== 'press' || held(one) > 0);
          await this.send_presses(end < 0 ? items : items.slice(0, Math.max(1, end)), now);
        } else {
          await this.send_one(head, now);
        }
        this.failures = 0;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        this.sending.told({ failed: error });
        if (error.status === 401) return; // a new code brings it back
        this.later(waits_ms[Math.min(this.failures++, waits_ms.length - 1)] ?? 0);
        return;
      }
    }
  }

  private async send_presses(items: Item[], now: Known): Promise<void> {
    const presses = items.map((item) => press_body(item, now));
    let answer: Answer;
    try {
      answer = await ask('POST', '/presses/batch', this.sending.token(), { presses });
    } catch (error) {
      if (!(error instanceof Refused) || !is_final(error)) throw error;
      // One bad press must not hold up the others.
      if (items.length === 1) await this.put_aside(items);
      else for (const item of items) await this.send_presses([item], now);
      return;
    }
    const bad = new Set(
      answer.items.filter((one) => one.answer === 'refused').map((one) => one.press_id),
    );
    const [refused, taken] = [
      items.filter((one) => bad.has(one.id)),
      items.filter((one) => !bad.has(one.id)),
    ];
    await this.store.remove(taken.map((one) => one.n ?? NaN));
    if (refused.length > 0) await this.put_aside(refused);
    else this.sending.told({});
  }

  /** What the server will never take stays on the device, out of the way and counted. */
  private async put_aside(items: Item[]): Promise<void> {
    const before = (await this.store.get<Item[]>('refused')) ?? [];
    await this.store.set('refused', [...before, ...items]);
    await this.store.remove(items.map((one) => one.n ?? NaN));
    this.sending.told({ refused: items.length });
  }

  private async send_one(item: Item, now: Known): Promise<void> {
    try {
      const address = addresses[item.deed as keyof typeof addresses];
      await ask('POST', address, this.sending.token(), single_body(item, now));
    } catch (error) {
      if (!(error instanceof Refused) || !is_final(error)) throw error;
      // A shift that somebody ended already needs no second end.
      if (item.deed !== 'shift_end') return await this.put_aside([item]);
    }
    await this.store.remove([item.n ?? NaN]);
    this.sending.told({});
  }
}
