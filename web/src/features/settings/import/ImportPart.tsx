// Tables that come in: what to import, the file, and what was imported before.
import { IconFileSpreadsheet, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { base } from '../../../api/base';
import { csrf_header } from '../../../api/client';
import { id_part, send } from '../../../api/call';
import { problem_from } from '../../../api/problem';
import { why_of } from '../../../api/refusal';
import { cx } from '../../../lib/cx';
import { lang, useT } from '../../../lib/lang';
import { number } from '../../../lib/numbers';
import { day_short } from '../../../lib/times';
import { Button } from '../../../ui/Button';
import { ConfirmButton } from '../../../ui/Confirm';
import { Loaded } from '../../../ui/Loaded';
import { complain, Part, useChange } from '../kit';
import { ImportOne } from './ImportOne';
import { PastScoreCard } from './PastScoreCard';
import {
  kinds,
  needs_people_right,
  useCalendars,
  useImports,
  type Import,
  type ImportKind,
} from './queries';
import './import.css';

type LinkTo = (id?: string) => string;

/** The file as it is; the answer says what it was read as. */
async function upload(kind: ImportKind, file: File): Promise<Import> {
  const query = new URLSearchParams({ kind, name: file.name });
  const answer = await fetch(`${base}/imports?${query.toString()}`, {
    method: 'POST',
    body: file,
    headers: {
      'Content-Type': 'application/octet-stream',
      'Accept-Language': lang(),
      ...csrf_header(),
    },
  }).catch(() => undefined);
  if (!answer) throw problem_from(0, { title: 'no_connection', code: 'no_connection' });
  const told = (await answer.json().catch(() => undefined)) as unknown;
  if (!answer.ok) throw problem_from(answer.status, told);
  return told as Import;
}

function Choose({ rights, link }: { rights: readonly string[]; link: LinkTo }) {
  const t = useT();
  const go = useNavigate();
  const client = useQueryClient();
  const mine = kinds.filter(
    (kind) => !needs_people_right(kind) || rights.includes('manage_people'),
  );
  const [kind, set_kind] = useState<ImportKind>(mine[0] ?? 'form');
  const [busy, set_busy] = useState(false);
  const [over, set_over] = useState(false);
  const [why, set_why] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const take = async (file: File | undefined) => {
    if (!file || busy) return;
    set_busy(true);
    set_why('');
    try {
      const made = await upload(kind, file);
      void client.invalidateQueries({ queryKey: ['import'] });
      void go(link(made.id));
    } catch (error) {
      set_why(why_of(error));
    } finally {
      set_busy(false);
      if (input.current) input.current.value = '';
    }
  };
  return (
    <Part title={t('ui.import.new')} what={t('ui.import.new_what')}>
      <fieldset className="o-import-kinds">
        <legend className="o-vh">{t('ui.import.kind')}</legend>
        {mine.map((one) => (
          <label key={one} className={cx('o-import-kind', one === kind && 'o-on')}>
            <input
              type="radio"
              name="import_kind"
              checked={one === kind}
              onChange={() => set_kind(one)}
            />
            <span>
              <b>{t(`ui.import.kind_of.${one}`)}</b>
              <span className="o-2">{t(`ui.import.kind_what.${one}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div
        className={cx('o-import-drop', over && 'o-on')}
        onDragOver={(event) => {
          event.preventDefault();
          set_over(true);
        }}
        onDragLeave={() => set_over(false)}
        onDrop={(event) => {
          event.preventDefault();
          set_over(false);
          void take(event.dataTransfer.files[0]);
        }}
      >
        <input
          ref={input}
          type="file"
          className="o-vh"
          tabIndex={-1}
          aria-label={t('ui.import.file')}
          accept=".csv,.xlsx,.txt,.tsv,.xls"
          onChange={(event) => void take(event.currentTarget.files?.[0])}
        />
        <IconFileSpreadsheet size={20} aria-hidden />
        <span>{t(busy ? 'ui.import.reading' : 'ui.import.drop')}</span>
        <Button kind="primary" busy={busy} onClick={() => input.current?.click()}>
          {t('ui.import.choose')}
        </Button>
      </div>
      {why && (
        <p role="alert" className="o-red o-set-why">
          {why}
        </p>
      )}
    </Part>
  );
}

function History({ link }: { link: LinkTo }) {
  const t = useT();
  const imports = useImports();
  return (
    <Part title={t('ui.import.history')}>
      <Loaded asking={imports} title={t('ui.set.failed')}>
        {(data) => {
          const rows = data.pages.flatMap((page) => page.items);
          if (rows.length === 0) return <p className="o-2">{t('ui.import.none')}</p>;
          return (
            <>
              <ul className="o-set-rows">
                {rows.map((one) => (
                  <li key={one.id}>
                    <Link to={link(one.id)}>
                      <span className="o-m o-cut" title={one.file_name}>
                        {one.file_name || t(`ui.import.kind_of.${one.import_kind}`)}
                      </span>
                      <span className="o-2 o-cut">{t(`ui.import.kind_of.${one.import_kind}`)}</span>
                      <span className={one.state === 'failed' ? 'o-red' : 'o-2'}>
                        {t(`ui.import.state.${one.state}`)}
                      </span>
                      <span className="o-3 o-nw">{day_short(one.created_at, 'UTC')}</span>
                    </Link>
                  </li>
                ))}
              </ul>
              {imports.hasNextPage && (
                <Button
                  busy={imports.isFetchingNextPage}
                  onClick={() => void imports.fetchNextPage()}
                >
                  {t('ui.import.more')}
                </Button>
              )}
            </>
          );
        }}
      </Loaded>
    </Part>
  );
}

function Calendars({ may_drop }: { may_drop: boolean }) {
  const t = useT();
  const calendars = useCalendars();
  const drop = useChange(
    (id: string) => send('delete', `/work-calendars/${id_part(id)}`),
    ['calendar'],
  );
  if (!calendars.data?.items.length) return null;
  return (
    <Part title={t('ui.import.calendars')} what={t('ui.import.calendars_what')}>
      <ul className="o-set-rows">
        {calendars.data.items.map((one) => (
          <li key={one.id}>
            <div>
              <span className="o-m o-cut">
                {one.year}, {one.unit_name}
              </span>
              <span className="o-2">
                {t('ui.import.calendar_is', {
                  days: one.working_days,
                  hours: number(one.working_minutes / 60),
                })}
              </span>
              <span className="o-set-do">
                {may_drop && (
                  <ConfirmButton
                    kind="ghost"
                    icon={IconTrash}
                    label={t('ui.import.calendar_drop')}
                    question={t('ui.import.calendar_drop_ask')}
                    yes={t('ui.import.calendar_drop')}
                    onConfirm={() => drop.mutate(one.id, { onError: complain })}
                  />
                )}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </Part>
  );
}

export function ImportPart({
  id,
  rights,
  link,
  form_link,
}: {
  id?: string;
  rights: readonly string[];
  link: LinkTo;
  form_link: LinkTo;
}) {
  if (id?.startsWith('past_')) return <PastScoreCard id={id} link={link} />;
  if (id) return <ImportOne key={id} id={id} link={link} form_link={form_link} />;
  return (
    <>
      <Choose rights={rights} link={link} />
      <History link={link} />
      <Calendars may_drop={rights.includes('manage_people')} />
    </>
  );
}
