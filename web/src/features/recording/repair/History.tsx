// What was put right in a recording, each with its way back; and who asks for it.
import { IconArrowBackUp, IconTool } from '@tabler/icons-react';
import { useState } from 'react';
import { refusal_of } from '../../../api/refusal';
import { useT } from '../../../lib/lang';
import { when } from '../../../lib/times';
import { Button, ButtonLink } from '../../../ui/Button';
import { AreaField } from '../../../ui/Fields';
import { Form, FormError } from '../../../ui/Form';
import { Sides } from './Preview';
import { useAsk, useLeave, useRepairs, type Ask } from './queries';
import './repair.css';

function Asking({ recording }: { recording: string }) {
  const t = useT();
  const [open, set_open] = useState(false);
  const [text, set_text] = useState('');
  const ask = useAsk(recording);
  if (!open)
    return (
      <Button icon={IconTool} onClick={() => set_open(true)}>
        {t('ui.repair.ask')}
      </Button>
    );
  return (
    <Form error={refusal_of(ask.error)} onSubmit={() => ask.mutate(text)}>
      <AreaField
        path="text"
        autoFocus
        label={t('ui.repair.ask_what')}
        placeholder={t('ui.repair.reason_like')}
        value={text}
        onChange={(event) => set_text(event.currentTarget.value)}
      />
      <FormError paths={['text']} />
      <div className="o-row o-repair-do">
        <Button
          kind="primary"
          type="submit"
          busy={ask.isPending}
          reason={text.trim() ? undefined : t('ui.repair.ask_first')}
        >
          {t('ui.repair.ask_do')}
        </Button>
        <Button onClick={() => set_open(false)}>{t('ui.cancel')}</Button>
      </div>
    </Form>
  );
}

function Asked({ ask, may_repair }: { ask: Ask; may_repair: boolean }) {
  const t = useT();
  const leave = useLeave();
  return (
    <div className="o-repair-ask">
      <p>
        <b>{t('ui.repair.asks', { name: ask.asked_by_name })}</b> {ask.text}
      </p>
      {may_repair ? (
        <Button busy={leave.isPending} onClick={() => leave.mutate(ask.id)}>
          {t('ui.repair.leave')}
        </Button>
      ) : (
        <p className="o-3 o-s">{t('ui.repair.asks_wait')}</p>
      )}
    </div>
  );
}

export function History({
  recording,
  zone,
  repair_link,
  may_repair,
}: {
  recording: string;
  zone: string;
  repair_link: (ids: string, more?: { undo?: string }) => string;
  may_repair: boolean;
}) {
  const t = useT();
  const { data } = useRepairs(recording);
  return (
    <section className="o-repair-history">
      <h2>{t('ui.repair.history')}</h2>
      {data?.ask && <Asked ask={data.ask} may_repair={may_repair} />}
      {may_repair ? (
        <ButtonLink icon={IconTool} to={repair_link(recording)}>
          {t('ui.repair.open')}
        </ButtonLink>
      ) : (
        !data?.ask && <Asking recording={recording} />
      )}
      <ul className="o-repair-list">
        {data?.items.map((one) => (
          <li key={one.id}>
            <div className="o-row">
              <b>{t(one.undoes ? 'ui.repair.was_undone' : 'ui.repair.was_made')}</b>
              <span className="o-3">
                {when(one.made_at, zone, Date.now(), true)} {one.made_by_name}
              </span>
            </div>
            <Sides before={one.before} after={one.after} />
            <p className="o-2">{one.reason}</p>
            {may_repair && one.may_undo && (
              <ButtonLink
                kind="ghost"
                icon={IconArrowBackUp}
                to={repair_link(recording, { undo: one.id })}
              >
                {t('ui.repair.undo_open')}
              </ButtonLink>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
