// Devices with their tokens; a device opens its buttons.
import { IconDeviceTablet, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { id_part, send } from '../../api/call';
import { useT } from '../../lib/lang';
import { when } from '../../lib/times';
import { Button } from '../../ui/Button';
import { ConfirmButton } from '../../ui/Confirm';
import { CopyButton } from '../../ui/CopyButton';
import { SelectField } from '../../ui/Fields';
import { TextField } from '../../ui/Form';
import { Loaded } from '../../ui/Loaded';
import { EmptyState } from '../../ui/States';
import { ButtonMaps } from './ButtonMaps';
import { Pairing } from './Pairing';
import { complain, Editor, ListExport, Part, said, Secret, useChange } from './kit';
import { useDevices, usePoints, type Device, type Point } from './queries';

/** A line to try the token at once, from any machine with curl. */
export function curl_line(origin: string, token: string): string {
  const body = `{"press_id":"'$(date +%s%N)'","key":"1","age_ms":0}`;
  return [
    `curl -X POST ${origin}/api/v1/presses`,
    `-H 'Authorization: Bearer ${token}'`,
    `-H 'Content-Type: application/json'`,
    `-d '${body}'`,
  ].join(' ');
}

function Token({ token, onClose }: { token: string; onClose: () => void }) {
  const t = useT();
  const line = curl_line(window.location.origin, token);
  return (
    <Secret
      title={t('ui.set.token')}
      what={t('ui.set.token_once')}
      text={token}
      label={t('ui.set.token_copy')}
      onClose={onClose}
    >
      <p className="o-2">{t('ui.set.token_try')}</p>
      <div className="o-row">
        <code>{line}</code>
        <CopyButton text={line} label={t('ui.copy')} />
      </div>
    </Secret>
  );
}

function DeviceEditor({
  device,
  points,
  onToken,
  onClose,
}: {
  device?: Device;
  points: readonly Point[];
  onToken?: (token: string) => void;
  onClose?: () => void;
}) {
  const t = useT();
  const [name, set_name] = useState(device?.name ?? '');
  const [point, set_point] = useState(device?.point_id ?? points[0]?.id ?? '');
  const body = { name, point_id: point };
  const change = useChange(
    async () => {
      if (!device) return (await send<{ token: string }>('post', '/devices', body)).data.token;
      await send('put', `/devices/${id_part(device.id)}`, body, device.version);
      return '';
    },
    ['device'],
    (token) => {
      if (token) onToken?.(token);
      else said(t('ui.set.saved'))();
      onClose?.();
    },
  );
  return (
    <Editor
      title={device ? undefined : t('ui.set.device_new')}
      change={change}
      paths={['name', 'point_id']}
      onSubmit={() => change.mutate(undefined)}
      onClose={onClose}
    >
      <TextField
        path="name"
        label={t('ui.set.name')}
        value={name}
        onChange={(event) => set_name(event.currentTarget.value)}
      />
      <SelectField
        path="point_id"
        label={t('ui.inbox.point')}
        value={point || null}
        data={points.map((one) => ({ value: one.id, label: one.name }))}
        onChange={(value) => set_point(value ?? '')}
      />
      {!device && <p className="o-3">{t('ui.set.device_starter')}</p>}
    </Editor>
  );
}

function OneDevice({
  device,
  points,
  back,
}: {
  device: Device;
  points: readonly Point[];
  back: string;
}) {
  const t = useT();
  const [token, set_token] = useState('');
  const path = `/devices/${id_part(device.id)}`;
  const zone = points.find((one) => one.id === device.point_id)?.zone ?? 'UTC';
  const renew = useChange(
    () => send<{ token: string }>('post', `${path}/token`),
    ['device'],
    ({ data }) => set_token(data.token),
  );
  const revoke = useChange(() => send('delete', path), ['device'], said(t('ui.set.revoked')));
  return (
    <>
      <p>
        <Link className="o-link" to={back}>
          {t('ui.set.devices')}
        </Link>
        <span className="o-3"> / {device.name}</span>
      </p>
      {token && <Token token={token} onClose={() => set_token('')} />}
      <Part
        title={device.name}
        what={
          device.revoked_at
            ? t('ui.set.device_revoked')
            : device.seen_at
              ? t('ui.set.seen', { time: when(device.seen_at, zone, Date.now(), true) })
              : t('ui.set.not_seen')
        }
      >
        <DeviceEditor key={device.version} device={device} points={points} />
        <div className="o-row o-set-buttons">
          <ConfirmButton
            question={t('ui.set.renew_ask')}
            yes={t('ui.set.renew')}
            onConfirm={() => renew.mutate(undefined, { onError: complain })}
          >
            {t('ui.set.renew')}
          </ConfirmButton>
          {!device.revoked_at && (
            <ConfirmButton
              kind="ghost"
              question={t('ui.set.revoke_ask')}
              yes={t('ui.set.revoke')}
              onConfirm={() => revoke.mutate(undefined, { onError: complain })}
            >
              {t('ui.set.revoke')}
            </ConfirmButton>
          )}
        </div>
      </Part>
      {!device.revoked_at && <Pairing device={device.id} />}
      <ButtonMaps device={device.id} zone={zone} />
    </>
  );
}

export function Devices({ id, link }: { id?: string; link: (id?: string) => string }) {
  const t = useT();
  const devices = useDevices();
  const points = (usePoints().data?.items ?? []).filter((one) => !one.archived_at);
  const [adding, set_adding] = useState(false);
  const [token, set_token] = useState('');
  return (
    <Loaded asking={devices} title={t('ui.set.failed')}>
      {(data) => {
        const device = data.items.find((one) => one.id === id);
        if (device) return <OneDevice device={device} points={points} back={link()} />;
        if (id) return <p className="o-2">{t('ui.set.no_such')}</p>;
        return (
          <Part
            title={t('ui.set.devices')}
            what={t('ui.set.devices_what')}
            action={
              <>
                <ListExport path="/devices" />
                <Button
                  icon={IconPlus}
                  reason={points.length === 0 ? t('ui.set.points_first') : undefined}
                  onClick={() => set_adding(true)}
                >
                  {t('ui.set.device_add')}
                </Button>
              </>
            }
          >
            {token && <Token token={token} onClose={() => set_token('')} />}
            {adding && (
              <DeviceEditor points={points} onToken={set_token} onClose={() => set_adding(false)} />
            )}
            <ul className="o-set-rows">
              {data.items.map((one) => (
                <li key={one.id}>
                  <Link to={link(one.id)}>
                    <span className="o-m o-cut">{one.name}</span>
                    <span className="o-2 o-cut">{one.point_name}</span>
                    <span className="o-3">
                      {one.revoked_at
                        ? t('ui.set.device_revoked')
                        : t('ui.set.map_n', { n: one.buttons_version })}
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
            {data.items.length === 0 && !adding && (
              <EmptyState
                icon={IconDeviceTablet}
                title={t('ui.set.no_devices')}
                what={t('ui.set.no_devices_what')}
              />
            )}
          </Part>
        );
      }}
    </Loaded>
  );
}
