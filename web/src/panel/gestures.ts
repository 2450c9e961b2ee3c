// From a finger or a key to a press: short, long or double where the button has such meanings.
// The press is kept at the first touch; a gesture only changes its meaning until it is sent.

const long_ms = 600;
const double_ms = 350;
export const hold_ms = long_ms + 100;

export interface Meanings {
  long: boolean;
  double: boolean;
}
export interface Touch {
  /** The first touch: to be kept at once, and held when the meaning may still change. */
  begin: (key: string, may_change: boolean) => void;
  /** The gesture is known; an empty one is the short press. */
  settle: (key: string, gesture: '' | 'long' | 'double') => void;
}

export class Gestures {
  private open: { key: string; at: number; timer: ReturnType<typeof setTimeout> } | null = null;

  constructor(
    private readonly meanings: (key: string) => Meanings,
    private readonly touch: Touch,
  ) {}

  down(key: string, now = performance.now()): void {
    const open = this.open;
    if (open?.key === key && now - open.at <= double_ms && this.meanings(key).double) {
      this.end('double');
      return;
    }
    if (open) this.end('');
    const { long, double } = this.meanings(key);
    this.touch.begin(key, long || double);
    if (!long && !double) return;
    const timer = setTimeout(() => this.end(long ? 'long' : ''), long ? long_ms : double_ms);
    this.open = { key, at: now, timer };
  }

  up(key: string, now = performance.now()): void {
    const open = this.open;
    if (open?.key !== key) return;
    if (!this.meanings(key).double) {
      this.end('');
      return;
    }
    clearTimeout(open.timer);
    open.timer = setTimeout(() => this.end(''), Math.max(0, double_ms - (now - open.at)));
  }

  private end(gesture: '' | 'long' | 'double'): void {
    if (!this.open) return;
    clearTimeout(this.open.timer);
    const { key } = this.open;
    this.open = null;
    this.touch.settle(key, gesture);
  }
}

/** Which button a typed key presses: by the map's own code, else 1…6 and F13…F18 by order. */
export function typed_button(code: string, codes: readonly string[]): number {
  const named = codes.indexOf(code);
  if (named >= 0) return named;
  const usual = /^(?:Digit|Numpad)([1-6])$/.exec(code) ?? /^F(1[3-8])$/.exec(code);
  if (!usual) return -1;
  const n = Number(usual[1]);
  const at = n >= 13 ? n - 13 : n - 1;
  return at < codes.length && !codes[at] ? at : -1;
}
