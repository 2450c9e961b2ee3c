// «Нельзя оценить»: the check ends without a score, with a reason from the table of the server.
import { Popover } from '@mantine/core';
import { IconEarOff } from '@tabler/icons-react';
import { useState } from 'react';
import type { CheckReason, ReasonRow } from '../../api/types';
import { useT } from '../../lib/lang';
import { Button } from '../../ui/Button';
import { Form, TextField } from '../../ui/Form';
import { useHotkeys } from '../../ui/hotkeys';
import { useReasons, why } from './queries';

function Note({ row, onGiveUp }: { row: ReasonRow; onGiveUp: (note: string) => void }) {
  const t = useT();
  const [note, set_note] = useState('');
  const [asked, set_asked] = useState(false);
  const done = () => (note.trim() ? onGiveUp(note.trim()) : set_asked(true));
  return (
    <Form
      className="o-start"
      onSubmit={done}
      error={asked ? { title: t('ui.check.reason_note_needed'), field: 'note' } : null}
    >
      <TextField
        path="note"
        autoFocus
        label={row.text}
        value={note}
        maxLength={500}
        onChange={(event) => set_note(event.currentTarget.value)}
      />
      <Button kind="primary" type="submit">
        {t('ui.check.give_up_do')}
      </Button>
    </Form>
  );
}

export function GiveUp({ onGiveUp }: { onGiveUp: (reason: CheckReason, note: string) => void }) {
  const t = useT();
  const [open, set_open] = useState(false);
  const [noting, set_noting] = useState<ReasonRow | null>(null);
  const asked = useReasons(open);
  const rows = asked.data?.items ?? [];
  const turn = (next: boolean) => {
    set_noting(null);
    set_open(next);
  };
  const choose = (row: ReasonRow) => {
    if (row.needs_note) return set_noting(row);
    turn(false);
    onGiveUp(row.reason, '');
  };
  useHotkeys([
    {
      keys: 'KeyN',
      run: () => turn(!open),
      help: t('ui.check.key_give_up'),
      group: t('ui.check.title'),
    },
  ]);
  // Before the sheet's own digits, which answer its question.
  useHotkeys(
    rows.map((row, i) => ({ keys: `Digit${i + 1}`, run: () => choose(row) })),
    open && !noting,
    true,
  );
  return (
    <Popover
      opened={open}
      onChange={turn}
      position="bottom-end"
      width={320}
      trapFocus
      returnFocus
      withinPortal
      withRoles={false}
    >
      <Popover.Target>
        <span className="o-row">
          <Button
            kind="ghost"
            className="o-hide-ph"
            aria-haspopup="dialog"
            aria-expanded={open}
            onClick={() => turn(!open)}
          >
            {t('ui.check.give_up')}
          </Button>
          <Button
            kind="ghost"
            className="o-only-ph"
            icon={IconEarOff}
            label={t('ui.check.give_up')}
            aria-haspopup="dialog"
            aria-expanded={open}
            onClick={() => turn(!open)}
          />
        </span>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={t('ui.check.give_up_why')}>
        {/* Holds the focus until the reasons have come: Escape closes from the first moment. */}
        <div className="o-start" tabIndex={-1} data-autofocus>
          <h2>{t('ui.check.give_up_why')}</h2>
          {asked.error && <p className="o-red">{why(asked.error)}</p>}
          {noting ? (
            <Note
              row={noting}
              onGiveUp={(note) => {
                turn(false);
                onGiveUp(noting.reason, note);
              }}
            />
          ) : (
            rows.map((row, i) => (
              <Button key={row.reason} keys={`Digit${i + 1}`} onClick={() => choose(row)}>
                <span className="o-cut">{row.text}</span>
              </Button>
            ))
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
