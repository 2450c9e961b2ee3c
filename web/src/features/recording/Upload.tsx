// Files of a recorder: chosen or dropped, one after another, each with its start and its outcome.
import { IconAlertCircle, IconCheck, IconUpload, IconX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link } from 'react-router';
import { id_part } from '../../api/call';
import { is_problem } from '../../api/problem';
import { why_of } from '../../api/refusal';
import { cx } from '../../lib/cx';
import { text_of, useT } from '../../lib/lang';
import { number, percent, size_parts } from '../../lib/numbers';
import { local_instant } from '../../lib/times';
import { Button } from '../../ui/Button';
import { DayField } from '../../ui/DayField';
import { NumberField, SelectField } from '../../ui/Fields';
import { TextField } from '../../ui/Form';
import { StateWord } from '../../ui/StateWord';
import type { Point, Recorder } from './queries';
import { send_bytes } from './send_bytes';
import { start_in_name } from './start_name';

interface Reply {
  recording_id: string;
  already_there: boolean;
  warnings: string[];
}
type Outcome =
  | { at: 'waiting' }
  | { at: 'sending'; share: number }
  | { at: 'done'; reply: Reply }
  | { at: 'failed'; why: string; second: boolean }
  | { at: 'stopped' };
interface Item {
  id: number;
  file: File;
  day: string;
  time: string;
  /** The person typed the start; else the server reads it from the name or the file. */
  stated: boolean;
  named: boolean;
  doubt_s: number;
  outcome: Outcome;
}

const is_left = (item: Item) => ['waiting', 'failed', 'stopped'].includes(item.outcome.at);

let next_id = 1;
function item_of(file: File): Item {
  const start = start_in_name(file.name);
  return {
    id: next_id++,
    file,
    day: start?.day ?? '',
    time: start?.time ?? '',
    stated: false,
    named: Boolean(start),
    doubt_s: 1,
    outcome: { at: 'waiting' },
  };
}

/** The query of one file; the start goes along only when a person stated it. */
export function upload_path(
  recorder: string,
  item: Pick<Item, 'day' | 'time' | 'stated' | 'doubt_s'> & { file: { name: string } },
  zone: string,
  second: boolean,
): string {
  const query = new URLSearchParams({ name: item.file.name });
  const start = item.stated ? local_instant(item.day, item.time, zone) : undefined;
  if (start !== undefined) {
    query.set('starts_at', new Date(start).toISOString());
    query.set('start_uncertainty_ms', String(Math.round(item.doubt_s * 1000)));
  }
  if (second) query.set('confirm', '1');
  return `/recorders/${id_part(recorder)}/recordings?${query.toString()}`;
}

function useUploads(recorder: string, zone: string) {
  const client = useQueryClient();
  const [items, set_items] = useState<Item[]>([]);
  const [busy, set_busy] = useState(false);
  const stops = useRef(new Map<number, AbortController>());
  const all_stopped = useRef(false);
  const put = (id: number, change: Partial<Item>) =>
    set_items((now) => now.map((one) => (one.id === id ? { ...one, ...change } : one)));
  const send = async (item: Item, second = false) => {
    put(item.id, { outcome: { at: 'sending', share: 0 } });
    const stop = new AbortController();
    stops.current.set(item.id, stop);
    try {
      const reply = await send_bytes<Reply>({
        path: upload_path(recorder, item, zone, second),
        body: item.file,
        type: 'application/octet-stream',
        onProgress: (share) => put(item.id, { outcome: { at: 'sending', share } }),
        signal: stop.signal,
      });
      put(item.id, { outcome: { at: 'done', reply } });
      for (const kind of ['recording', 'coverage', 'recorder'])
        void client.invalidateQueries({ queryKey: [kind] });
    } catch (error) {
      if (stop.signal.aborted) return put(item.id, { outcome: { at: 'stopped' } });
      const twin = is_problem(error) && error.code === 'recording.same_content_other_start';
      put(item.id, { outcome: { at: 'failed', why: why_of(error), second: twin } });
    } finally {
      stops.current.delete(item.id);
    }
  };
  const send_all = async () => {
    set_busy(true);
    all_stopped.current = false;
    for (const item of items) if (is_left(item) && !all_stopped.current) await send(item);
    set_busy(false);
  };
  return {
    items,
    busy,
    put,
    send,
    send_all,
    stop: (id: number) => stops.current.get(id)?.abort(),
    stop_all: () => {
      all_stopped.current = true;
      stops.current.forEach((one) => one.abort());
    },
    add: (files: Iterable<File>) => set_items((now) => [...now, ...[...files].map(item_of)]),
    remove: (id: number) => set_items((now) => now.filter((one) => one.id !== id)),
  };
}
type Uploads = ReturnType<typeof useUploads>;

function Told({
  item,
  uploads,
  recording_link,
}: {
  item: Item;
  uploads: Uploads;
  recording_link: (id: string) => string;
}) {
  const t = useT();
  const { outcome } = item;
  if (outcome.at === 'sending') {
    return (
      <div className="o-row">
        <progress value={outcome.share} max={1} aria-label={item.file.name} />
        <span className="o-3 o-nw">
          {outcome.share < 1 ? percent(outcome.share, 0) : t('ui.upload.reading')}
        </span>
        <Button
          kind="ghost"
          icon={IconX}
          label={t('ui.upload.cancel_one', { name: item.file.name })}
          onClick={() => uploads.stop(item.id)}
        />
      </div>
    );
  }
  if (outcome.at === 'failed') {
    return (
      <div role="alert">
        <StateWord icon={IconAlertCircle} tone="red" className="o-wraps">
          {outcome.why}
        </StateWord>
        {outcome.second && (
          <Button onClick={() => void uploads.send(item, true)}>{t('ui.upload.second')}</Button>
        )}
      </div>
    );
  }
  if (outcome.at === 'stopped')
    return (
      <p className="o-2" role="status">
        {t('ui.upload.cancelled')}
      </p>
    );
  if (outcome.at === 'waiting') return null;
  return (
    <div role="status">
      <StateWord icon={IconCheck} tone="green">
        {t(outcome.reply.already_there ? 'ui.upload.already' : 'ui.upload.done')}
      </StateWord>{' '}
      <Link className="o-link" to={recording_link(outcome.reply.recording_id)}>
        {t('ui.upload.open')}
      </Link>
      {outcome.reply.warnings.map((code) => (
        <p key={code} className="o-amber">
          {text_of(`error.${code}`) ?? code}
        </p>
      ))}
    </div>
  );
}

function Start({ item, uploads }: { item: Item; uploads: Uploads }) {
  const t = useT();
  const state = (change: Partial<Item>) => uploads.put(item.id, { ...change, stated: true });
  return (
    <>
      <div className="o-upload-start">
        <DayField
          path={`day${item.id}`}
          label={t('ui.upload.day')}
          value={item.day}
          onChange={(next) => state({ day: next })}
        />
        <TextField
          path={`time${item.id}`}
          type="time"
          step={1}
          label={t('ui.upload.time')}
          value={item.time}
          onChange={(event) => state({ time: event.currentTarget.value })}
        />
        {item.stated && (
          <NumberField
            path={`doubt${item.id}`}
            label={t('ui.upload.doubt')}
            value={item.doubt_s}
            min={0}
            max={86_400}
            onChange={(value) => uploads.put(item.id, { doubt_s: Number(value) || 0 })}
          />
        )}
      </div>
      <p className="o-3 o-s">
        {t(item.stated ? 'ui.upload.stated' : item.named ? 'ui.upload.named' : 'ui.upload.unnamed')}
      </p>
    </>
  );
}

function Files({
  uploads,
  recording_link,
}: {
  uploads: Uploads;
  recording_link: (id: string) => string;
}) {
  const t = useT();
  return (
    <ul className="o-upload-files">
      {uploads.items.map((item) => {
        const { value, unit } = size_parts(item.file.size);
        const open = is_left(item);
        return (
          <li key={item.id}>
            <div className="o-row">
              <b className="o-cut o-m" title={item.file.name}>
                {item.file.name}
              </b>
              <span className="o-3 o-nw">{t(`ui.size.${unit}`, { n: value })}</span>
              <span className="o-sp" />
              {open && (
                <Button
                  kind="ghost"
                  icon={IconX}
                  label={t('ui.upload.remove', { name: item.file.name })}
                  onClick={() => uploads.remove(item.id)}
                />
              )}
            </div>
            {open && <Start item={item} uploads={uploads} />}
            <Told item={item} uploads={uploads} recording_link={recording_link} />
          </li>
        );
      })}
    </ul>
  );
}

function Drop({ onFiles }: { onFiles: (files: Iterable<File>) => void }) {
  const t = useT();
  const chooser = useRef<HTMLInputElement>(null);
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
        set_over(false);
        onFiles(event.dataTransfer.files);
      }}
    >
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        accept="audio/*,.wav,.flac,.mp3,.ogg,.opus,.m4a,.amr,.wma"
        onChange={(event) => {
          onFiles(event.currentTarget.files ?? []);
          event.currentTarget.value = '';
        }}
      />
      <Button icon={IconUpload} onClick={() => chooser.current?.click()}>
        {t('ui.upload.choose')}
      </Button>
      <span className="o-3">{t('ui.upload.or_drop')}</span>
    </div>
  );
}

export function Upload({
  recorders,
  points,
  point,
  recording_link,
  onClose,
}: {
  recorders: readonly Recorder[];
  points: readonly Point[];
  /** Where the person looks now; its recorder is suggested. */
  point?: string;
  recording_link: (id: string) => string;
  onClose: () => void;
}) {
  const t = useT();
  const usual = recorders.find((one) => one.point_id === point) ?? recorders[0];
  // The point of the address may be known only after this is drawn; a choice by hand outweighs it.
  const [by_hand, set_chosen] = useState<string | null>(null);
  const chosen = by_hand ?? usual?.id ?? '';
  const recorder = recorders.find((one) => one.id === chosen);
  const place = points.find((one) => one.id === recorder?.point_id);
  const uploads = useUploads(chosen, place?.zone ?? points[0]?.zone ?? 'UTC');
  const left = uploads.items.filter(is_left).length;
  const sending = uploads.items.findIndex((one) => one.outcome.at === 'sending');
  return (
    <section className="o-upload" aria-label={t('ui.upload.title')}>
      <div className="o-row">
        <h2>{t('ui.upload.title')}</h2>
        <span className="o-sp" />
        <Button kind="ghost" icon={IconX} label={t('ui.close')} onClick={onClose} />
      </div>
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
      <Drop onFiles={uploads.add} />
      <Files uploads={uploads} recording_link={recording_link} />
      <div className="o-row o-upload-do">
        {left > 0 && (
          <Button
            kind="primary"
            busy={uploads.busy}
            reason={chosen ? undefined : t('ui.upload.recorder')}
            onClick={() => void uploads.send_all()}
          >
            {t('ui.upload.send', { n: number(left) })}
          </Button>
        )}
        {sending >= 0 && (
          <>
            <span className="o-2" role="status">
              {t('ui.upload.nth', { n: sending + 1, total: uploads.items.length })}
            </span>
            {uploads.items.length > 1 && (
              <Button kind="ghost" onClick={uploads.stop_all}>
                {t('ui.upload.cancel_all')}
              </Button>
            )}
          </>
        )}
      </div>
    </section>
  );
}
