// What is wrong with recording, response and the server now: one line each, with what to do.
import {
  IconAlertCircle,
  IconMail,
  IconMicrophoneOff,
  IconServer,
  IconTrendingDown,
  IconVolume,
  IconVolumeOff,
} from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get, id_part, send } from '../../api/call';
import { why_of } from '../../api/refusal';
import type { Given } from '../../api/types';
import { t as word, useT } from '../../lib/lang';
import { day_short, exact, when } from '../../lib/times';
import { Button } from '../../ui/Button';
import { StateWord } from '../../ui/StateWord';
import { toast } from '../../ui/Toast';

type Alarm = Given<'AlarmView'>;
const shown_max = 20;

const icons = {
  stopped: IconMicrophoneOff,
  not_started: IconMicrophoneOff,
  not_handed: IconAlertCircle,
  quiet: IconVolume,
  clipped: IconVolume,
  dead: IconVolumeOff,
  response: IconTrendingDown,
  disk_low: IconServer,
  disk_scarce: IconServer,
  mail: IconMail,
} as const;

/** What it is, and of which day where that matters. */
function title_of(alarm: Alarm): string {
  const day = alarm.day ? day_short(`${alarm.day}T12:00:00Z`, 'UTC') : '';
  return word(`ui.points.alarm.${alarm.cause}`, { day });
}

function useClose() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (alarm: Alarm) => send('post', `/alarms/${id_part(alarm.id)}/close`),
    onSuccess: () => toast({ text: word('ui.points.alarm_closed') }),
    onError: (error) =>
      toast({ tone: 'red', text: word('ui.inbox.not_moved', { why: why_of(error) }) }),
    onSettled: () =>
      Promise.all(['alarm', 'day'].map((kind) => client.invalidateQueries({ queryKey: [kind] }))),
  });
}

function Row({ alarm, onClose }: { alarm: Alarm; onClose?: () => void }) {
  const t = useT();
  const zone = alarm.zone || 'UTC';
  return (
    <li className="o-alarm">
      <StateWord icon={icons[alarm.cause]} tone="red">
        {title_of(alarm)}
      </StateWord>
      <span className="o-alarm-where">
        {alarm.point_id ? alarm.point_name : t('ui.points.alarm_server')}{' '}
        {alarm.recorder_name && <span className="o-3">· {alarm.recorder_name}</span>}
      </span>
      <span className="o-2 o-s" title={exact(alarm.since_at, zone)}>
        {t('ui.points.alarm_since', { at: when(alarm.since_at, zone, Date.now(), true) })}
        {alarm.times > 1 && ` · ${t('ui.points.alarm_times', { n: alarm.times })}`}
      </span>
      <span className="o-2 o-s o-alarm-do">{t(`ui.points.alarm_do.${alarm.cause}`)}</span>
      {onClose && (
        <Button kind="ghost" onClick={onClose}>
          {t('ui.points.alarm_close')}
        </Button>
      )}
    </li>
  );
}

export function Alarms({ may_close, letters }: { may_close: boolean; letters: string }) {
  const t = useT();
  const asked = useQuery({
    queryKey: ['alarm', 'open'],
    queryFn: () => get<Given<'AlarmList'>>('/alarms'),
    // What nobody tells: a fact of another process.
    refetchInterval: 60_000,
  });
  const close = useClose();
  const rows = asked.data?.items ?? [];
  if (rows.length === 0) return null;
  return (
    <section className="o-alarms" aria-label={t('ui.points.alarms')}>
      <div className="o-row">
        <h2>{t('ui.points.alarms_n', { n: rows.length })}</h2>
        <span className="o-sp" />
        <Link className="o-link o-s" to={letters}>
          {t('ui.points.alarm_letters')}
        </Link>
      </div>
      <ul>
        {rows.slice(0, shown_max).map((alarm) => (
          <Row
            key={alarm.id}
            alarm={alarm}
            onClose={may_close ? () => close.mutate(alarm) : undefined}
          />
        ))}
      </ul>
      {rows.length > shown_max && (
        <p className="o-3 o-s">{t('ui.points.alarm_more', { n: rows.length - shown_max })}</p>
      )}
    </section>
  );
}
