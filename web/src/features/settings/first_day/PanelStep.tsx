// The panel comes in by a code that works once: the tablet's camera looks at its picture.
import { lazy, Suspense, useState } from 'react';
import { id_part, send } from '../../../api/call';
import { useT } from '../../../lib/lang';
import { clock } from '../../../lib/times';
import { Button } from '../../../ui/Button';
import { CopyButton } from '../../../ui/CopyButton';
import { Step } from '../../../ui/Steps';
import { complain, useChange } from '../kit';
import type { Stand } from './stand';

const QrCode = lazy(() => import('../QrCode'));

interface Code {
  code: string;
  expires_at: string;
}

function Shown({ code }: { code: Code }) {
  const t = useT();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const address = `${window.location.origin}/panel`;
  return (
    <section className="o-secret" role="status" aria-label={t('ui.set.panel_code')}>
      <p className="o-2">{t('ui.set.panel_open', { address })}</p>
      <div className="o-row">
        <code>{code.code}</code>
        <CopyButton text={code.code} label={t('ui.copy')} />
      </div>
      <Suspense>
        <QrCode text={`${address}#${code.code}`} label={t('ui.set.panel_qr')} />
      </Suspense>
      <p className="o-3">
        {t('ui.set.panel_once', { time: clock(Date.parse(code.expires_at), zone) })}
      </p>
    </section>
  );
}

export function PanelStep({ stand, onCode }: { stand: Stand; onCode: () => void }) {
  const t = useT();
  const { device } = stand;
  const [code, set_code] = useState<Code | null>(null);
  const make = useChange(
    (id: string) => send<Code>('post', `/devices/${id_part(id)}/pairing`),
    ['device'],
    ({ data }) => {
      set_code(data);
      onCode();
    },
  );
  // Paired before the code was asked for: then the panel of now is another one.
  const [was] = useState(device?.paired_at ?? null);
  const came = code ? device?.paired_at !== was && device?.paired_at : device?.paired_at;
  const works = came ?? device?.seen_at;
  const state = !device ? 'later' : works ? 'done' : code ? 'waits' : 'todo';
  return (
    <Step
      state={state}
      title={t('ui.set.panel')}
      what={t(
        works ? 'ui.first_day.panel_is' : code ? 'ui.first_day.panel_waits' : 'ui.set.panel_what',
      )}
    >
      {device && (
        <Button
          kind={works || code ? 'plain' : 'primary'}
          busy={make.isPending}
          onClick={() => make.mutate(device.id, { onError: complain })}
        >
          {t('ui.set.panel_connect')}
        </Button>
      )}
      {device && !works && <span className="o-3">{t('ui.first_day.panel_skip')}</span>}
      {code && !came && <Shown code={code} />}
    </Step>
  );
}
