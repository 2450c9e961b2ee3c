// Connecting a panel: a code that works once, as text and as a picture for the tablet's camera.
import { IconDeviceTablet } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { id_part, send } from '../../api/call';
import { useT } from '../../lib/lang';
import { clock } from '../../lib/times';
import { Button } from '../../ui/Button';
import { complain, Part, Secret, useChange } from './kit';

const QrCode = lazy(() => import('./QrCode'));

interface Code {
  code: string;
  expires_at: string;
}

export function Pairing({ device }: { device: string }) {
  const t = useT();
  const [code, set_code] = useState<Code | null>(null);
  const make = useChange(
    () => send<Code>('post', `/devices/${id_part(device)}/pairing`),
    ['device'],
    ({ data }) => set_code(data),
  );
  const address = code ? `${window.location.origin}/panel#${code.code}` : '';
  return (
    <Part
      title={t('ui.set.panel')}
      what={t('ui.set.panel_what')}
      action={
        <Button
          icon={IconDeviceTablet}
          busy={make.isPending}
          onClick={() => make.mutate(undefined, { onError: complain })}
        >
          {t('ui.set.panel_connect')}
        </Button>
      }
    >
      {code && (
        <Secret
          title={t('ui.set.panel_code')}
          what={t('ui.set.panel_once', {
            time: clock(
              Date.parse(code.expires_at),
              Intl.DateTimeFormat().resolvedOptions().timeZone,
            ),
          })}
          text={code.code}
          label={t('ui.copy')}
          onClose={() => set_code(null)}
        >
          <p className="o-2">
            {t('ui.set.panel_open', { address: `${window.location.origin}/panel` })}
          </p>
          <p className="o-2">
            {/* A page of the server, not of the desk: no route of ours. */}
            <a href="/trust" target="_blank" rel="noreferrer">
              {t('ui.set.panel_trust')}
            </a>
          </p>
          <Suspense>
            <QrCode text={address} label={t('ui.set.panel_qr')} />
          </Suspense>
        </Secret>
      )}
    </Part>
  );
}
