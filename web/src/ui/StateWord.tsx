import type { ReactNode } from 'react';
import { cx } from '../lib/cx';
import type { Icon } from './Button';

export type Tone = 'red' | 'amber' | 'green' | 'quiet' | 'text';

/** A state: its icon and its word, never the colour alone. */
export function StateWord({
  icon: Mark,
  tone = 'quiet',
  small,
  className,
  children,
}: {
  icon: Icon;
  tone?: Tone;
  small?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <span className={cx('o-state', `o-tone-${tone}`, small && 'o-s', className)}>
      <Mark size={small ? 14 : 16} aria-hidden />
      {children}
    </span>
  );
}

/** A quiet mark in a thin frame: «авто», «критический». */
export function Badge({ children }: { children: ReactNode }) {
  return <span className="o-badge">{children}</span>;
}

/** A number in a coloured field: evidence in the words and on the wave. */
export function Pin({ tone, children }: { tone: Tone | 'accent'; children: ReactNode }) {
  return <span className={cx('o-pin', `o-pin-${tone}`)}>{children}</span>;
}
