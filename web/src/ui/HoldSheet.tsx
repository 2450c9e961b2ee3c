// Asks why sound is to be kept, and shows what keeps it already.
import { Modal } from '@mantine/core';
import { useState } from 'react';
import { useT } from '../lib/lang';
import { when } from '../lib/times';
import { Button } from './Button';
import { Form, FormError, TextField, type Refusal } from './Form';

interface Held {
  id: string;
  reason: string;
  made_by_name: string;
  made_at: string;
}

export default function HoldSheet({
  held,
  zone,
  busy,
  error,
  onHold,
  onClose,
}: {
  held: readonly Held[];
  zone: string;
  busy: boolean;
  error: Refusal | null;
  onHold: (reason: string) => void;
  onClose: () => void;
}) {
  const t = useT();
  const [reason, set_reason] = useState('');
  return (
    <Modal
      opened
      lockScroll={false}
      onClose={onClose}
      title={t('ui.clip.hold')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <p className="o-2">{t('ui.hold.what')}</p>
      {held.length > 0 && (
        <section className="o-held-now" aria-label={t('ui.hold.now')}>
          <h3>{t('ui.hold.now')}</h3>
          <ul className="o-held">
            {held.map((one) => (
              <li key={one.id}>
                <b>{one.reason}</b>{' '}
                <span className="o-3">
                  {t('ui.hold.by', {
                    name: one.made_by_name || t('ui.hold.console'),
                    time: when(one.made_at, zone, Date.now(), true),
                  })}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Form onSubmit={() => onHold(reason)} error={error} className="o-fields">
        <TextField
          path="reason"
          label={t('ui.hold.reason')}
          placeholder={t('ui.hold.reason_like')}
          maxLength={500}
          data-autofocus
          value={reason}
          onChange={(event) => set_reason(event.currentTarget.value)}
        />
        <FormError paths={['reason']} />
        <div className="o-row o-ask-do">
          <Button kind="ghost" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button kind="primary" type="submit" busy={busy} disabled={!reason.trim()}>
            {t('ui.hold.make')}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
