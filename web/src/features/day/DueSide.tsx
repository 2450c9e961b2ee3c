// One thing of the day beside the list: why it stands there, what to do, and its one action.
import { IconAlertCircle, IconChevronLeft, IconClock } from '@tabler/icons-react';
import { useMoreWords, useT } from '../../lib/lang';
import { exact, when } from '../../lib/times';
import { Button, ButtonLink } from '../../ui/Button';
import { useHotkeys } from '../../ui/hotkeys';
import { StateWord } from '../../ui/StateWord';
import type { Due } from './queries';
import { lateness, look_of, told_of } from './words';

export function DueSide({
  due,
  here,
  to,
  onMark,
  onBack,
}: {
  due: Due;
  /** The zone of the reader's day, for what stands at no point. */
  here: string;
  /** Where its action is done. */
  to: string;
  onMark: (due: Due) => void;
  onBack: () => void;
}) {
  const t = useT();
  useMoreWords();
  const now = Date.now();
  const look = look_of(due);
  const { why, steps } = told_of(due);
  const zone = due.zone || here;
  const late = Date.parse(due.due_at) <= now;
  const group = t('ui.keys.list');
  useHotkeys([
    {
      keys: due.mark === 'good' ? 'KeyX' : 'KeyS',
      run: () => onMark(due),
      enabled: Boolean(due.mark),
      help: look.wave,
      group,
    },
  ]);
  return (
    <>
      <div className="o-rec-head">
        <span className="o-only-ph">
          <Button kind="ghost" icon={IconChevronLeft} label={t('ui.clip.back')} onClick={onBack} />
        </span>
        <div>
          <h1>
            <span title={look.title}>{look.title}</span>
          </h1>
          <div className="o-rec-sub">
            <StateWord
              icon={late ? IconAlertCircle : IconClock}
              tone={late ? 'red' : 'quiet'}
              small
            >
              {lateness(due, now)}
            </StateWord>
            {look.aside.map((text) => (
              <span key={text}>{text}</span>
            ))}
          </div>
        </div>
      </div>
      <div className="o-rec-body o-due-body">
        {why && <p>{why}</p>}
        {steps.length > 0 && (
          <ol>
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        )}
        <dl className="o-facts">
          <dt>{t('ui.day.since')}</dt>
          <dd title={exact(due.since, zone)}>{when(due.since, zone, now, true)}</dd>
          <dt>{t('ui.day.due_at')}</dt>
          <dd title={exact(due.due_at, zone)}>{when(due.due_at, zone, now, true)}</dd>
        </dl>
      </div>
      <div className="o-bar">
        <ButtonLink kind="primary" to={to}>
          {look.act}
        </ButtonLink>
        {look.wave && (
          <Button keys={due.mark === 'good' ? 'KeyX' : 'KeyS'} onClick={() => onMark(due)}>
            {look.wave}
          </Button>
        )}
      </div>
    </>
  );
}
