// What is done with the signals chosen: all of them at once, with a way back.
import { IconX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SignalRow as Signal, SignalState } from '../../api/types';
import { useT } from '../../lib/lang';
import { number } from '../../lib/numbers';
import { Button } from '../../ui/Button';
import { Form, TextField } from '../../ui/Form';
import { useHotkeys } from '../../ui/hotkeys';
import { run_bulk, stop_bulk, useBulk, type Target } from './bulk';
import { useCounts, type Asked } from './queries';

function Running() {
  const t = useT();
  const now = useBulk();
  if (!now) return null;
  return (
    <div className="o-bulk" role="status">
      <progress value={now.done} max={Math.max(now.total, 1)} aria-label={t('ui.inbox.bulk')} />
      <span className="o-2">
        {t('ui.inbox.bulk_so_far', { n: number(now.done), total: number(now.total) })}
      </span>
      <span className="o-sp" />
      <Button kind="ghost" onClick={stop_bulk}>
        {t('ui.inbox.bulk_stop')}
      </Button>
    </div>
  );
}

/** One text for all: signals are done only with what was said. */
function What({ onSave, onClose }: { onSave: (what: string) => void; onClose: () => void }) {
  const t = useT();
  const [what, set_what] = useState('');
  const [asked, set_asked] = useState(false);
  return (
    <Form
      className="o-bulk o-bulk-what"
      onSubmit={() => (what.trim() ? onSave(what.trim()) : set_asked(true))}
      error={asked ? { title: t('ui.clip.what_needed'), field: 'what' } : null}
    >
      <TextField
        path="what"
        autoFocus
        label={t('ui.inbox.bulk_what')}
        value={what}
        maxLength={500}
        onChange={(event) => set_what(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && onClose()}
      />
      <Button kind="primary" type="submit">
        {t('ui.clip.done')}
      </Button>
      <Button kind="ghost" onClick={onClose}>
        {t('ui.cancel')}
      </Button>
    </Form>
  );
}

export function BulkBar({
  asked,
  rows,
  chosen,
  onClear,
}: {
  asked: Asked;
  /** The rows that are loaded. */
  rows: readonly Signal[];
  chosen: ReadonlySet<string>;
  onClear: () => void;
}) {
  const t = useT();
  const client = useQueryClient();
  const busy = useBulk() !== null;
  const { state, ...rest } = asked;
  const counts = useCounts(rest, chosen.size > 0).data;
  const [all, set_all] = useState(false);
  const [coding, set_coding] = useState(false);
  const whole = counts?.[state as 'new' | 'waiting' | 'later' | 'done'] ?? 0;
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ['signal'] });
    void client.invalidateQueries({ queryKey: ['clip'] });
    void client.invalidateQueries({ queryKey: ['day'] });
  };
  const move = (to: SignalState, what?: string) => {
    const target: Target =
      all && counts
        ? { asked, as_of: counts.as_of, total: whole }
        : {
            items: rows
              .filter((row) => chosen.has(row.id))
              .map(({ id, version }) => ({ id, version })),
          };
    set_coding(false);
    set_all(false);
    onClear();
    void run_bulk([{ target, state: to, what }], refresh);
  };
  const on = chosen.size > 0 && !busy;
  const group = t('ui.keys.list');
  const later = state === 'new' || state === 'waiting';
  useHotkeys(
    [
      {
        keys: 'KeyX',
        run: () => set_coding(true),
        enabled: state !== 'done',
        help: t('ui.inbox.key_done'),
        group,
      },
      { keys: 'KeyS', run: () => move('later'), enabled: later, group },
    ],
    on,
    true,
  );
  if (busy) return <Running />;
  if (chosen.size === 0) return null;
  if (coding)
    return <What onSave={(what) => move('done', what)} onClose={() => set_coding(false)} />;
  return (
    <div className="o-bulk" role="group" aria-label={t('ui.inbox.bulk')}>
      <b>{t('ui.inbox.bulk_chosen', { n: all ? whole : chosen.size })}</b>
      {!all && whole > chosen.size && (
        <Button kind="ghost" onClick={() => set_all(true)}>
          {t('ui.inbox.bulk_all', { n: whole })}
        </Button>
      )}
      <div className="o-bulk-do">
        {later && (
          <Button keys="KeyS" onClick={() => move('later')}>
            {t('ui.clip.later')}
          </Button>
        )}
        {(state === 'later' || state === 'done') && (
          <Button onClick={() => move('new')}>{t('ui.clip.again')}</Button>
        )}
        {state !== 'done' && (
          <Button keys="KeyX" onClick={() => set_coding(true)}>
            {t('ui.clip.done')}
          </Button>
        )}
        <Button
          kind="ghost"
          icon={IconX}
          label={t('ui.inbox.bulk_clear')}
          onClick={() => {
            set_all(false);
            onClear();
          }}
        />
      </div>
    </div>
  );
}
