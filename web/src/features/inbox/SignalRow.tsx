// A signal in the list: the sentence is its title, all else one grey line.
import type { ReactNode } from 'react';
import './inbox.css';
import { cx } from '../../lib/cx';
import type { Icon } from '../../ui/Button';
import { StateWord, type Tone } from '../../ui/StateWord';

export interface SignalRowProps {
  icon: Icon;
  kind: string;
  kind_tone: Tone;
  /** What the customer said, or why there are no words yet. */
  sentence: string;
  spoken: boolean;
  point: string;
  /** Score, gap: short, never cut. */
  extra?: { text: string; tone?: Tone }[];
  time: string;
  time_exact?: string;
  length?: string;
  state?: { icon: Icon; text: ReactNode; tone: Tone };
}

export function SignalRow(row: SignalRowProps) {
  return (
    <div className="o-sig">
      <span className={`o-tone-${row.kind_tone}`}>
        <row.icon size={20} aria-hidden />
      </span>
      <div className="o-sig-main">
        <div className={cx('o-sig-q', !row.spoken && 'o-sig-wait')} title={row.sentence}>
          {row.sentence}
        </div>
        <div className="o-sig-meta">
          <span className="o-only-ph" title={row.time_exact}>
            {row.time}
          </span>
          <b>{row.kind}</b>
          <span className="o-sig-pt" title={row.point}>
            {row.point}
          </span>
          {row.extra?.map((one) => (
            <span key={one.text} className={`o-tone-${one.tone ?? 'quiet'}`}>
              {one.text}
            </span>
          ))}
          {row.length && !row.state && <span className="o-only-ph">{row.length}</span>}
        </div>
      </div>
      <div className="o-sig-side">
        <div className="o-sig-t" title={row.time_exact}>
          {row.time}
        </div>
        {row.state ? (
          <StateWord icon={row.state.icon} tone={row.state.tone} small className="o-sig-state">
            {row.state.text}
          </StateWord>
        ) : (
          row.length && <div className="o-3 o-s o-hide-ph">{row.length}</div>
        )}
      </div>
    </div>
  );
}
