// The recording program of a recorder: the line that connects it, and how it stands.
import { IconPlugConnected } from '@tabler/icons-react';
import { useState } from 'react';
import { id_part, send } from '../../api/call';
import { useT } from '../../lib/lang';
import { number } from '../../lib/numbers';
import { clock, when } from '../../lib/times';
import { Button } from '../../ui/Button';
import { AgentLevel } from './AgentLevel';
import { complain, said, Secret, useChange } from './kit';
import type { Recorder } from './queries';

interface Code {
  code: string;
  expires_at: string;
}
const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function AgentPart({ recorder, zone }: { recorder: Recorder; zone: string }) {
  const t = useT();
  const [code, set_code] = useState<Code | null>(null);
  const path = `/recorders/${id_part(recorder.id)}/agent`;
  const make = useChange(
    () => send<Code>('post', path),
    ['recorder'],
    ({ data }) => set_code(data),
  );
  const revoke = useChange(() => send('delete', path), ['recorder'], said(t('ui.set.agent_gone')));
  const { agent } = recorder;
  const line =
    `otklik record --source alsa:default --channels ${recorder.channels}` +
    ' --folder ~/otklik-record' +
    ` --server ${window.location.origin} --code ${code?.code ?? ''}`;
  return (
    <div className="o-set-agent">
      <p className="o-2">{t('ui.set.agent_what')}</p>
      {agent?.paired_at && (
        <p className="o-3">
          {agent.program}{' '}
          {t('ui.set.agent_ring', {
            held: number(Math.round(agent.ring_bytes / 1e6)),
            most: number(Math.round(agent.ring_bytes_max / 1e6)),
          })}{' '}
          {agent.seen_at && when(agent.seen_at, zone, Date.now(), true)}
        </p>
      )}
      {agent?.paired_at && <AgentLevel recorder={recorder.id} />}
      {agent && agent.refused_count > 0 && (
        <p className="o-red">
          {t('ui.set.agent_refused', {
            n: agent.refused_count,
            time: agent.refused_at ? when(agent.refused_at, zone, Date.now(), true) : '',
          })}
        </p>
      )}
      <div className="o-row">
        <Button
          icon={IconPlugConnected}
          busy={make.isPending}
          onClick={() => make.mutate(undefined, { onError: complain })}
        >
          {t('ui.set.agent_connect')}
        </Button>
        {agent?.paired_at && (
          <Button
            kind="ghost"
            busy={revoke.isPending}
            onClick={() => revoke.mutate(undefined, { onError: complain })}
          >
            {t('ui.set.agent_revoke')}
          </Button>
        )}
      </div>
      {code && (
        <Secret
          title={t('ui.set.agent_line')}
          what={t('ui.set.agent_once', { time: clock(Date.parse(code.expires_at), here()) })}
          text={line}
          label={t('ui.copy')}
          onClose={() => set_code(null)}
        />
      )}
    </div>
  );
}
