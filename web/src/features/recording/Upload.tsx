// Files of a recorder: chosen or dropped, single ones or a day's folder, sent one after the other.
// The queue goes on when this page is left (upload/queue.ts).
import { IconFolder, IconUpload, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { cx } from '../../lib/cx';
import { useT } from '../../lib/lang';
import { number, size_parts } from '../../lib/numbers';
import { Button, ButtonLink } from '../../ui/Button';
import { SelectField } from '../../ui/Fields';
import { held_by_wrong } from '../../ui/Form';
import type { Point, Recorder } from './queries';
import { chosen_files, dropped_files, type Dropped } from '../../lib/dropped';
import { FileLine } from './upload/FileLine';
import { Kept } from './upload/Kept';
import * as queue from './upload/queue';
import { watch_behind } from './upload/Strip';
import { useUploads, useUploadsChanged } from './upload/uploads';
import { FolderTrouble } from './upload/Waiting';

function Drop({ onFiles }: { onFiles: (dropped: Dropped) => void }) {
  const t = useT();
  const chooser = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [over, set_over] = useState(false);
  return (
    <div
      className={cx('o-drop', over && 'o-over-drop')}
      onDragOver={(event) => {
        event.preventDefault();
        set_over(true);
      }}
      onDragLeave={() => set_over(false)}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        set_over(false);
        void dropped_files(event.dataTransfer).then(onFiles);
      }}
    >
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        accept="audio/*,.wav,.flac,.mp3,.ogg,.opus,.m4a,.amr,.wma"
        onChange={(event) => {
          onFiles({ files: [...(event.currentTarget.files ?? [])], others: 0 });
          event.currentTarget.value = '';
        }}
      />
      <input
        ref={folder}
        type="file"
        hidden
        data-folder
        {...{ webkitdirectory: '' }}
        onChange={(event) => {
          onFiles(chosen_files(event.currentTarget.files ?? []));
          event.currentTarget.value = '';
        }}
      />
      <Button icon={IconUpload} onClick={() => chooser.current?.click()}>
        {t('ui.upload.choose')}
      </Button>
      <Button icon={IconFolder} onClick={() => folder.current?.click()}>
        {t('ui.upload.choose_folder')}
      </Button>
      <span className="o-3">{t('ui.upload.or_drop')}</span>
    </div>
  );
}

/** `lines`: the files, whose starts go with them. */
function Doing({ chosen, lines }: { chosen: string; lines: RefObject<HTMLElement | null> }) {
  const t = useT();
  const items = queue.useQueue();
  const ready = items.filter(queue.is_open);
  const unsure = ready.some((one) => one.preview?.ahead && !one.sure);
  const left = queue.left_of(items);
  const { value, unit } = size_parts(left.bytes);
  return (
    <div className="o-row o-upload-do">
      {ready.length > 0 && (
        <Button
          kind="primary"
          reason={
            chosen ? (unsure ? t('ui.upload.confirm_first') : undefined) : t('ui.upload.recorder')
          }
          onClick={() => {
            if (!held_by_wrong(lines.current)) void queue.start();
          }}
        >
          {t('ui.upload.send', { n: number(ready.length) })}
        </Button>
      )}
      {left.files > 0 && (
        <>
          <span className="o-2" role="status">
            {t('ui.upload.nth', { n: left.of - left.files + 1, total: left.of })},{' '}
            {t('ui.upload.left', { size: t(`ui.size.${unit}`, { n: value }) })}
          </span>
          {left.files > 1 && (
            <Button kind="ghost" onClick={queue.stop_all}>
              {t('ui.upload.cancel_all')}
            </Button>
          )}
        </>
      )}
      {left.files === 0 && items.some((one) => one.stage === 'settled') && (
        <Button kind="ghost" onClick={queue.clear_settled}>
          {t('ui.upload.clear')}
        </Button>
      )}
    </div>
  );
}

watch_behind();

export function Upload({
  recorders,
  points,
  point,
  recording_link,
  recorders_link,
  dropped,
  onClose,
}: {
  recorders: readonly Recorder[];
  points: readonly Point[];
  /** Where the person looks now; its recorder is suggested. */
  point?: string;
  recording_link: (id: string) => string;
  /** Where a recorder is added, for those who may. */
  recorders_link?: string;
  /** Of a drop on the page around. */
  dropped?: Dropped;
  onClose: () => void;
}) {
  const t = useT();
  const items = queue.useQueue();
  const lines = useRef<HTMLUListElement>(null);
  const kept = useUploads();
  const changed = useUploadsChanged();
  const usual = recorders.find((one) => one.point_id === point) ?? recorders[0];
  // The point of the address may be known only after this is drawn; a choice by hand outweighs it.
  const [by_hand, set_chosen] = useState<string | null>(null);
  const [others, set_others] = useState(0);
  const chosen = by_hand ?? usual?.id ?? '';
  const recorder = recorders.find((one) => one.id === chosen);
  const place = points.find((one) => one.id === recorder?.point_id);
  const zone = place?.zone ?? points[0]?.zone ?? 'UTC';
  const add = (files: Dropped) => {
    set_others(files.others);
    queue.add(files.files, {
      recorder: chosen,
      zone,
      unfinished: (kept.data?.items ?? []).filter((one) => one.state === 'open'),
    });
  };
  useEffect(() => queue.point_to(chosen, zone), [chosen, zone]);
  useEffect(() => {
    queue.on_settled.add(changed);
    return () => void queue.on_settled.delete(changed);
  });
  const taken = useRef<Dropped>(undefined);
  useEffect(() => {
    if (!dropped || taken.current === dropped || kept.isPending) return;
    taken.current = dropped;
    add(dropped);
  });
  return (
    <section className="o-upload" aria-label={t('ui.upload.title')}>
      <div className="o-row">
        <h2>{t('ui.upload.title')}</h2>
        <span className="o-sp" />
        <Button kind="ghost" icon={IconX} label={t('ui.close')} onClick={onClose} />
      </div>
      {recorders.length === 0 && (
        <div className="o-row o-upload-do">
          <span className="o-2">{t('ui.set.no_recorders')}</span>
          {recorders_link && (
            <ButtonLink to={recorders_link}>{t('ui.points.add_recorder')}</ButtonLink>
          )}
        </div>
      )}
      <SelectField
        path="recorder"
        label={t('ui.upload.recorder')}
        value={chosen || null}
        data={recorders.map((one) => ({
          value: one.id,
          label: one.point_name ? `${one.name}, ${one.point_name}` : one.name,
        }))}
        onChange={(value) => set_chosen(value ?? '')}
      />
      {recorder && !recorder.point_id && <p className="o-amber">{t('ui.upload.not_placed')}</p>}
      {place && !place.basis_confirmed && <p className="o-red">{t('ui.points.no_basis')}</p>}
      <Drop onFiles={add} />
      {others > 0 && (
        <p className="o-2" role="status">
          {t('ui.upload.left_out', { n: others })}
        </p>
      )}
      <ul ref={lines} className="o-upload-files">
        {items.map((item) => (
          <FileLine key={item.id} item={item} recording_link={recording_link} />
        ))}
      </ul>
      <Doing chosen={chosen} lines={lines} />
      <FolderTrouble />
      <Kept recording_link={recording_link} />
    </section>
  );
}
