// Steps of one piece of work: each says in a word how it stands, never by colour alone.
import {
  IconAlertCircle,
  IconCircle,
  IconCircleCheck,
  IconCircleDashed,
  IconHourglass,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useT } from '../lib/lang';
import { cx } from '../lib/cx';
import { StateWord } from './StateWord';
import './steps.css';

export type StepState = 'done' | 'todo' | 'later' | 'waits' | 'bad';
const looks = {
  done: { icon: IconCircleCheck, tone: 'green' },
  todo: { icon: IconCircle, tone: 'text' },
  later: { icon: IconCircleDashed, tone: 'quiet' },
  waits: { icon: IconHourglass, tone: 'amber' },
  bad: { icon: IconAlertCircle, tone: 'red' },
} as const;

export function Steps({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ol className="o-steps" aria-label={label}>
      {children}
    </ol>
  );
}

export function Step({
  state,
  title,
  what,
  children,
}: {
  state: StepState;
  title: string;
  /** One line: what stands, or what is wrong and what to do. */
  what?: ReactNode;
  children?: ReactNode;
}) {
  const t = useT();
  const look = looks[state];
  return (
    <li className={cx('o-step', `o-step-${state}`)} aria-current={state === 'todo' || undefined}>
      <div className="o-step-head">
        <h2>{title}</h2>
        <StateWord icon={look.icon} tone={look.tone}>
          {t(`ui.step.${state}`)}
        </StateWord>
      </div>
      {what && (
        <div className={cx('o-step-what', state === 'bad' ? 'o-red' : 'o-2')} role="status">
          {what}
        </div>
      )}
      {children && <div className="o-step-do">{children}</div>}
    </li>
  );
}
