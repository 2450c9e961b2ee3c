import { IconArrowDown, IconArrowLeft, IconArrowRight, IconArrowUp } from '@tabler/icons-react';
import { key_caps } from './hotkeys';

// The font has no arrows, so they come from the icon set.
const arrows: Record<string, typeof IconArrowUp> = {
  '←': IconArrowLeft,
  '→': IconArrowRight,
  '↑': IconArrowUp,
  '↓': IconArrowDown,
};

/** Key caps of a combination as `useHotkeys` names it. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className="o-kbds" aria-hidden="true">
      {key_caps(keys).map((cap) => {
        const Arrow = arrows[cap];
        return (
          <kbd key={cap} className="o-kbd">
            {Arrow ? <Arrow size={12} /> : cap}
          </kbd>
        );
      })}
    </span>
  );
}

export interface KeyHint {
  keys: string[];
  text: string;
  /** Between caps: a dash for a range such as 1–3. */
  range?: boolean;
}

/** A quiet row of keys for the focused group; a phone has none. */
export function KeyHints({ hints }: { hints: KeyHint[] }) {
  return (
    <div className="o-keys o-hide-ph">
      {hints.map((hint) => (
        <span key={hint.text}>
          {hint.keys.map((keys, i) => (
            <span key={keys}>
              {i > 0 && (hint.range ? '–' : ' ')}
              <Kbd keys={keys} />
            </span>
          ))}{' '}
          {hint.text}
        </span>
      ))}
    </div>
  );
}
