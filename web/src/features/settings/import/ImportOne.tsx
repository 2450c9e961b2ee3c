// One import: as a draft, what it would do; while it runs, how far it is; afterwards, what it did.
import { IconAlertCircle, IconArrowBackUp, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { id_part, send } from '../../../api/call';
import { text_of, useT } from '../../../lib/lang';
import { number } from '../../../lib/numbers';
import { day_short, day_text } from '../../../lib/times';
import { Button } from '../../../ui/Button';
import { ConfirmButton } from '../../../ui/Confirm';
import { Loaded } from '../../../ui/Loaded';
import { StateWord } from '../../../ui/StateWord';
import { complain, Part, useChange } from '../kit';
import { Columns } from './Columns';
import { Fragments } from './Fragments';
import { Names } from './Names';
import { PublishDraft } from './PublishDraft';
import {
  actions,
  is_at_work,
  useImport,
  useImportRows,
  type Import,
  type ImportRow,
  type RowAction,
} from './queries';

type LinkTo = (id?: string) => string;

function RowLine({ row }: { row: ImportRow }) {
  const t = useT();
  return (
    <li>
      <span className="o-3 o-nw">{t('ui.import.row', { n: row.row })}</span>
      <span className="o-import-row">
        <span className="o-m">{is_day(row.title) ? day_text(row.title) : row.title}</span>
        {row.undo === 'kept' && <span className="o-amber">{t('ui.import.row_kept')}</span>}
        {row.faults.map((fault) => (
          <span key={`${fault.field}.${fault.code}`} className="o-red">
            {fault.column ? `${fault.column}: ${fault.text}` : fault.text}
          </span>
        ))}
        {row.action === 'changed' &&
          row.changes.map((change) => (
            <span key={change.field} className="o-2">
              {change.title}: {change.before && <s>{change.before}</s>} {change.after}
            </span>
          ))}
      </span>
    </li>
  );
}

/** A row of a calendar is named by its day. */
const is_day = (title: string) => /^\d{4}-\d\d-\d\d$/.test(title);

function RowsOf({ one, action }: { one: Import; action: RowAction | 'kept' }) {
  const t = useT();
  const rows = useImportRows(one, action);
  return (
    <Loaded asking={rows} title={t('ui.set.failed')}>
      {(data) => {
        const items = data.pages.flatMap((page) => page.items);
        return (
          <>
            {items.length === 0 && <p className="o-2">{t('ui.import.rows_none')}</p>}
            <ul className="o-import-rows">
              {items.map((row) => (
                <RowLine key={row.row} row={row} />
              ))}
            </ul>
            {rows.hasNextPage && (
              <Button busy={rows.isFetchingNextPage} onClick={() => void rows.fetchNextPage()}>
                {t('ui.import.more')}
              </Button>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

/** Counts by what a row does; each opens its rows. */
function Counts({ one }: { one: Import }) {
  const t = useT();
  const draft = one.state === 'draft';
  const shown: (RowAction | 'kept')[] = actions.filter(
    (action) => one[action] > 0 && (draft || action !== 'same'),
  );
  if (one.kept > 0) shown.unshift('kept');
  const first = shown.includes('kept') ? 'kept' : one.bad > 0 ? 'bad' : shown[0];
  const [chosen, set_chosen] = useState<RowAction | 'kept'>();
  const action = chosen && shown.includes(chosen) ? chosen : first;
  return (
    <>
      <div className="o-import-counts" role="group" aria-label={t('ui.import.counts')}>
        {shown.map((each) => (
          <Button
            key={each}
            kind={each === action ? 'plain' : 'ghost'}
            pressed={each === action}
            onClick={() => set_chosen(each)}
          >
            {t(`ui.import.${draft ? 'would' : 'did'}.${each}`, { n: one[each] })}
          </Button>
        ))}
        {!draft && one.same > 0 && (
          <span className="o-2">{t('ui.import.did.same', { n: one.same })}</span>
        )}
      </div>
      {action && !is_at_work(one) && <RowsOf one={one} action={action} />}
    </>
  );
}

function AtWork({ one }: { one: Import }) {
  const t = useT();
  const back = one.state === 'undoing';
  const all = back ? one.made + one.changed : one.rows_total;
  const done = back ? one.undone + one.kept : one.rows_done;
  return (
    <div className="o-row" role="status">
      <progress
        value={done}
        max={Math.max(all, 1)}
        aria-label={t(`ui.import.state.${one.state}`)}
      />
      <span className="o-2 o-nw">
        {t('ui.import.progress', { done: number(done), all: number(all) })}
      </span>
    </div>
  );
}

function useAct(one: Import) {
  const act = useChange(
    (what: 'start' | 'cancel' | 'undo') => send('post', `/imports/${id_part(one.id)}/${what}`),
    ['import', 'person', 'account', 'calendar', 'form', 'figure'],
  );
  return (what: 'start' | 'cancel' | 'undo', then?: () => void) =>
    act.mutate(what, { onError: complain, onSuccess: then });
}

function Draft({ one, link }: { one: Import; link: LinkTo }) {
  const t = useT();
  const go = useNavigate();
  const act = useAct(one);
  const faults = one.file?.faults ?? [];
  const nothing = one.made + one.changed === 0;
  return (
    <>
      {one.same_file_id && (
        <p className="o-amber">
          {t('ui.import.same_file', { day: day_short(one.same_file_at ?? '', 'UTC') })}{' '}
          <Link className="o-link" to={link(one.same_file_id)}>
            {t('ui.import.same_file_open')}
          </Link>
        </p>
      )}
      {Boolean(one.file?.formulas_without_value) && (
        <p className="o-amber">
          {t('ui.import.formulas', { n: one.file?.formulas_without_value ?? 0 })}
        </p>
      )}
      {one.file && <Columns key={one.version} one={one} file={one.file} />}
      <h3>{t('ui.import.preview')}</h3>
      {one.file && <Names matches={one.file.matches} />}
      {faults.length > 0 ? (
        <p className="o-amber" role="status">
          {t('ui.import.match_first', { fields: faults.map((each) => each.column).join(', ') })}
        </p>
      ) : (
        <Counts one={one} />
      )}
      <div className="o-row o-import-do">
        <Button
          kind="primary"
          reason={
            faults.length > 0
              ? t('ui.import.match_first_short')
              : nothing
                ? t('ui.import.nothing_to_do')
                : undefined
          }
          onClick={() => act('start')}
        >
          {t('ui.import.start', { n: one.made + one.changed })}
        </Button>
        <Button
          kind="ghost"
          onClick={() => act('cancel', () => void go(link(), { replace: true }))}
        >
          {t('ui.import.throw_away')}
        </Button>
      </div>
    </>
  );
}

function Ended({ one, form_link }: { one: Import; form_link: LinkTo }) {
  const t = useT();
  const act = useAct(one);
  const may_undo =
    ['done', 'cancelled', 'failed'].includes(one.state) && one.made + one.changed > 0;
  const failed = one.state === 'failed';
  return (
    <>
      <StateWord
        icon={failed ? IconAlertCircle : one.state === 'undone' ? IconArrowBackUp : IconCheck}
        tone={failed ? 'red' : one.state === 'done' ? 'green' : 'text'}
        className="o-wraps"
      >
        {failed && one.reason ? one.reason : text_of(`ui.import.told.${one.state}`)}
      </StateWord>
      {one.state === 'done' && one.import_kind === 'form' && one.result_id && (
        <PublishDraft id={one.result_id} form_link={form_link} />
      )}
      {one.state === 'done' && one.import_kind === 'staff' && (
        <p className="o-2">{t('ui.import.staff_after')}</p>
      )}
      <Counts one={one} />
      {one.import_kind === 'presses' && one.state === 'done' && <Fragments id={one.id} />}
      {may_undo && (
        <div className="o-import-do">
          <ConfirmButton
            icon={IconArrowBackUp}
            question={t('ui.import.undo_ask')}
            yes={t('ui.import.undo')}
            onConfirm={() => act('undo')}
          >
            {t('ui.import.undo')}
          </ConfirmButton>
        </div>
      )}
    </>
  );
}

export function ImportOne({
  id,
  link,
  form_link,
}: {
  id: string;
  link: LinkTo;
  form_link: LinkTo;
}) {
  const t = useT();
  const asking = useImport(id);
  return (
    <Loaded asking={asking} title={t('ui.set.failed')}>
      {(one) => (
        <Part
          title={one.file_name || t(`ui.import.kind_of.${one.import_kind}`)}
          what={`${t(`ui.import.kind_of.${one.import_kind}`)}, ${day_short(one.created_at, 'UTC')}`}
          action={
            <Link className="o-link" to={link()}>
              {t('ui.import.all')}
            </Link>
          }
        >
          <div className="o-set-wide">
            {one.state === 'draft' && <Draft one={one} link={link} />}
            {is_at_work(one) && <Working one={one} />}
            {!is_at_work(one) && one.state !== 'draft' && <Ended one={one} form_link={form_link} />}
          </div>
        </Part>
      )}
    </Loaded>
  );
}

function Working({ one }: { one: Import }) {
  const t = useT();
  const act = useAct(one);
  return (
    <>
      <AtWork one={one} />
      <p className="o-2">{t('ui.import.goes_on')}</p>
      {one.state !== 'undoing' && (
        <Button onClick={() => act('cancel')}>{t('ui.import.cancel')}</Button>
      )}
    </>
  );
}
