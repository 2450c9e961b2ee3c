// Short words about what was done, with a way back for ten seconds.
import { IconX } from '@tabler/icons-react';
import { useEffect, useSyncExternalStore } from 'react';
import { cx } from '../lib/cx';
import { useT } from '../lib/lang';
import { Button } from './Button';

export interface Toast {
  text: string;
  tone?: 'plain' | 'red';
  undo?: () => void;
  /** How long it stands; ten seconds with undo, six without. A fault stays until closed. */
  seconds?: number;
}
interface Shown extends Toast {
  id: number;
  seconds: number;
}

let next_id = 1;
let shown: readonly Shown[] = [];
const watchers = new Set<() => void>();
function put(list: readonly Shown[]): void {
  shown = list;
  watchers.forEach((told) => told());
}

export function close_toast(id: number): void {
  put(shown.filter((one) => one.id !== id));
}
/** Shows a toast; the newest three stay. Returns its id. */
export function toast(one: Toast): number {
  const seconds = one.seconds ?? (one.undo ? 10 : one.tone === 'red' ? Infinity : 6);
  const made = { ...one, seconds, id: next_id++ };
  put([...shown.slice(-2), made]);
  return made.id;
}
/** Takes back the newest thing that can be; the key for it is the page's. */
export function undo_last(): boolean {
  const last = shown.findLast((one) => one.undo);
  if (!last) return false;
  close_toast(last.id);
  last.undo?.();
  return true;
}

/** A shrinking ring tells how long the way back stays open. */
function Ring({ seconds }: { seconds: number }) {
  return (
    <svg className="o-ring" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <circle cx="8" cy="8" r="6.5" />
      <circle
        cx="8"
        cy="8"
        r="6.5"
        pathLength="1"
        className="o-ring-left"
        style={{ animationDuration: `${seconds}s` }}
      />
    </svg>
  );
}

function One({ one }: { one: Shown }) {
  const t = useT();
  useEffect(() => {
    if (!Number.isFinite(one.seconds)) return undefined;
    const timer = setTimeout(() => close_toast(one.id), one.seconds * 1000);
    return () => clearTimeout(timer);
  }, [one]);
  return (
    <div
      className={cx('o-toast', one.tone === 'red' && 'o-toast-red')}
      role={one.tone === 'red' ? 'alert' : 'status'}
    >
      <span>{one.text}</span>
      {one.undo && (
        <button
          type="button"
          className="o-link o-toast-undo"
          onClick={() => {
            close_toast(one.id);
            one.undo?.();
          }}
        >
          <Ring seconds={one.seconds} />
          {t('ui.undo')}
        </button>
      )}
      <Button kind="ghost" icon={IconX} label={t('ui.close')} onClick={() => close_toast(one.id)} />
    </div>
  );
}

export function Toasts() {
  const list = useSyncExternalStore(
    (told) => {
      watchers.add(told);
      return () => watchers.delete(told);
    },
    () => shown,
  );
  return (
    <div className="o-toasts">
      {list.map((one) => (
        <One key={one.id} one={one} />
      ))}
    </div>
  );
}
