// A link to this cut for people without an account: for whom, for how long, and which are out.
import { Modal, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { is_problem, problem_from } from '../../api/problem';
import type { ClipLink, ClipView } from '../../api/types';
import { useT } from '../../lib/lang';
import { when } from '../../lib/times';
import { Button } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';
import { ErrorState, Skeleton } from '../../ui/States';
import { useEndLink, useLinks, useMakeLink } from './links';

const lengths = [1, 24, 72, 168];

function Copy({ address }: { address: string }) {
  const t = useT();
  return (
    <div className="o-link-made" role="status">
      <TextInput
        readOnly
        label={t('ui.share.address')}
        description={t('ui.share.once')}
        value={address}
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyButton text={address} label={t('ui.copy')} />
    </div>
  );
}

function Make({ clip, hours_max }: { clip: ClipView; hours_max: number }) {
  const t = useT();
  const [note, set_note] = useState('');
  const given = lengths.filter((one) => one <= hours_max);
  const choice = given.length > 0 ? given : [hours_max];
  const [hours, set_hours] = useState(
    Math.max(...choice.filter((one) => one <= 24), choice[0] ?? 1),
  );
  const make = useMakeLink(clip.id);
  return (
    <>
      <form
        className="o-link-make"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate({ hours, note, version: clip.version?.number });
        }}
      >
        <TextInput
          label={t('ui.share.note')}
          placeholder={t('ui.share.note_like')}
          maxLength={200}
          value={note}
          onChange={(event) => set_note(event.currentTarget.value)}
        />
        <Select
          label={t('ui.share.hours')}
          allowDeselect={false}
          data={choice.map((one) => ({
            value: String(one),
            label:
              one % 24 === 0
                ? t('ui.share.days_n', { n: one / 24 })
                : t('ui.share.hours_n', { n: one }),
          }))}
          value={String(hours)}
          onChange={(next) => set_hours(Number(next))}
        />
        <Button kind="primary" type="submit" busy={make.isPending}>
          {t('ui.share.make')}
        </Button>
      </form>
      {make.data && <Copy address={window.location.origin + make.data.path} />}
    </>
  );
}

function state_of(link: ClipLink, zone: string, t: ReturnType<typeof useT>): string {
  if (link.holds)
    return t('ui.share.holds', { time: when(link.expires_at, zone, Date.now(), true) });
  if (link.ended_at) return t('ui.share.ended');
  return t('ui.share.over');
}

function Line({ link, clip }: { link: ClipLink; clip: ClipView }) {
  const t = useT();
  const end = useEndLink(clip.id);
  return (
    <li>
      <div>
        <b>{link.note || t('ui.share.no_note')}</b>
        <div className="o-2 o-s">
          {state_of(link, clip.zone, t)}, {link.made_by_name},{' '}
          {t('ui.share.opened', { n: link.opened_count })}
        </div>
      </div>
      {link.holds && (
        <Button kind="ghost" busy={end.isPending} onClick={() => end.mutate(link.id)}>
          {t('ui.share.end')}
        </Button>
      )}
    </li>
  );
}

export default function LinkSheet({ clip, onClose }: { clip: ClipView; onClose: () => void }) {
  const t = useT();
  const { data, error, refetch } = useLinks(clip.id);
  const items = data?.items ?? [];
  return (
    <Modal
      opened
      lockScroll={false}
      onClose={onClose}
      size="lg"
      title={t('ui.clip.share')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <p className="o-2">{t('ui.share.what')}</p>
      {!data && !error && <Skeleton rows={2} height={44} />}
      {error && (
        <ErrorState
          title={t('ui.share.no_list')}
          error={is_problem(error) ? error : problem_from(0, undefined)}
          onRetry={() => void refetch()}
        />
      )}
      {data && data.hours_max === 0 && <p className="o-amber">{t('ui.share.off')}</p>}
      {data && data.hours_max > 0 && <Make clip={clip} hours_max={data.hours_max} />}
      {items.length > 0 && (
        <ul className="o-links">
          {items.map((link) => (
            <Line key={link.id} link={link} clip={clip} />
          ))}
        </ul>
      )}
    </Modal>
  );
}
