// Where a recording comes from, how long it is kept, its file.
import { IconDownload, IconLock } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { base } from '../../api/base';
import { id_part } from '../../api/call';
import { useHolds } from '../../api/holds';
import { text_of, useT } from '../../lib/lang';
import { clock, day_short, exact } from '../../lib/times';
import { Button } from '../../ui/Button';
import { toast } from '../../ui/Toast';
import type { RecordingPage as Recording } from './queries';

const HoldSheet = lazy(() => import('../../ui/HoldSheet'));

function HoldAsk({ recording, onClose }: { recording: Recording; onClose: () => void }) {
  const t = useT();
  const holds = useHolds({ recording: recording.id }, () => {
    toast({ text: t('ui.clip.hold_made') });
    onClose();
  });
  return <HoldSheet {...holds} zone={recording.zone} onClose={onClose} />;
}

function Hold({ recording }: { recording: Recording }) {
  const t = useT();
  const [open, set_open] = useState(false);
  return (
    <>
      <Button icon={IconLock} onClick={() => set_open(true)}>
        {t('ui.clip.hold')}
      </Button>
      {open && (
        <Suspense>
          <HoldAsk recording={recording} onClose={() => set_open(false)} />
        </Suspense>
      )}
    </>
  );
}

export function Facts({ recording, may_hold }: { recording: Recording; may_hold: boolean }) {
  const t = useT();
  const { zone } = recording;
  const source = recording.start_source;
  return (
    <>
      <dl className="o-facts">
        <dt>{t('ui.recording.begins')}</dt>
        <dd>
          {exact(recording.begin_at, zone, recording.uncertainty_ms)}{' '}
          {source && <span className="o-3">{text_of(`ui.recording.source.${source}`)}</span>}
        </dd>
        <dt>{t('ui.recording.ends')}</dt>
        <dd>{exact(recording.end_at, zone)}</dd>
        <dt>{t('ui.recording.map')}</dt>
        <dd>
          {t('ui.recording.map_of', {
            n: recording.map_number,
            points: recording.map_points.length,
          })}
        </dd>
        <dt>{t('ui.clip.file')}</dt>
        <dd>
          {recording.original_name}{' '}
          {recording.format && <span className="o-3">{recording.format}</span>}
        </dd>
        <dt>{t('ui.clip.hash')}</dt>
        <dd className="o-hash">{recording.sha256}</dd>
        {recording.silences.length > 0 && <dt>{t('ui.recording.silenced')}</dt>}
        {recording.silences.map((one) => (
          <dd key={one.begin_at}>
            {clock(one.begin_at, zone)}–{clock(one.end_at, zone)} <span>{one.reason}</span>
            {one.original_sha256 && (
              <span className="o-3 o-hash">
                {' '}
                {t('ui.recording.silenced_hash', { hash: one.original_sha256 })}
              </span>
            )}
          </dd>
        ))}
        {recording.kept_until && !recording.erased_at && (
          <>
            <dt>{t('ui.clip.kept')}</dt>
            <dd>
              {recording.held
                ? t('ui.clip.kept_held')
                : t('ui.clip.kept_until', { time: day_short(recording.kept_until, zone) })}
            </dd>
          </>
        )}
        <dt>{t('ui.recording.imported')}</dt>
        <dd>{exact(recording.imported_at, zone)}</dd>
        <dt>{t('ui.recording.texts')}</dt>
        <dd>{t('ui.recording.texts_n', { n: recording.transcripts_count })}</dd>
      </dl>
      <div className="o-row o-recording-do">
        {recording.file_kept && (
          <a
            className="o-btn o-btn-plain"
            href={`${base}/recordings/${id_part(recording.id)}/original`}
            download={recording.original_name ?? ''}
          >
            <IconDownload size={16} aria-hidden />
            {t('ui.recording.download')}
          </a>
        )}
        {recording.file_kept && <span className="o-3 o-s">{t('ui.clip.logged')}</span>}
        {!recording.file_kept && recording.original_name && (
          <span className="o-2 o-s">{t('ui.recording.file_erased')}</span>
        )}
        {may_hold && !recording.erased_at && <Hold recording={recording} />}
      </div>
    </>
  );
}
