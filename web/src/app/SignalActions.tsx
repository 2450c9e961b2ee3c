// What a person does with a signal: check it, put it off, or process it with the words of what
// exactly was said.
import { useState } from 'react';
import type { ClipView, SignalRow, SignalState } from '../api/types';
import { StartCheck } from '../features/checks/StartCheck';
import { keep_words, kept_words } from '../lib/kept_words';
import { useT } from '../lib/lang';
import { Button } from '../ui/Button';
import { Form, TextField } from '../ui/Form';
import { useHotkeys } from '../ui/hotkeys';
import { paths } from './paths';
import { useRight, useSession } from './session';

/** What exactly was said: without it a signal is not processed. */
function Coding({
  signal,
  onSave,
  onClose,
}: {
  signal: SignalRow;
  onSave: (what: string) => void;
  onClose: () => void;
}) {
  const t = useT();
  const { account_id } = useSession();
  const [what, set_what] = useState(() => kept_words(account_id, signal.id));
  const [asked, set_asked] = useState(false);
  const save = () => (what.trim() ? onSave(what.trim()) : set_asked(true));
  return (
    <Form
      className="o-bar o-coding"
      onSubmit={save}
      error={asked ? { title: t('ui.clip.what_needed'), field: 'what' } : null}
    >
      <TextField
        path="what"
        autoFocus
        label={t('ui.clip.what')}
        placeholder={t('ui.clip.what_example')}
        value={what}
        maxLength={500}
        description={signal.what ? t('ui.clip.what_now', { text: signal.what }) : undefined}
        onChange={(event) => {
          set_what(event.currentTarget.value);
          keep_words(account_id, signal.id, event.currentTarget.value);
        }}
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

export function Actions({
  signal,
  clip,
  move,
  onOpen,
}: {
  signal: SignalRow;
  clip?: ClipView;
  move: (state: SignalState, what?: string) => void;
  onOpen: (check: string) => void;
}) {
  const t = useT();
  const [coding, set_coding] = useState(false);
  const { account_id, visitor } = useSession();
  // Words that are there stay; a withdrawn press needs none. Own words not stored yet come first.
  const done = () => {
    const ready = (signal.what && !kept_words(account_id, signal.id)) || signal.undone;
    return ready ? move('done') : set_coding(true);
  };
  const may_check = useRight('check');
  const group = t('ui.keys.list');
  const later = signal.state === 'new';
  useHotkeys([
    {
      keys: 'KeyX',
      run: done,
      enabled: signal.state !== 'done',
      help: t('ui.inbox.key_done'),
      group,
    },
    {
      keys: 'KeyS',
      run: () => move('later'),
      enabled: later,
      help: t('ui.inbox.key_later'),
      group,
    },
  ]);
  const draft = clip?.checks.find((one) => one.state === 'draft' && one.mine);
  const checked = Object.fromEntries(
    (clip?.checks ?? [])
      .filter((one) => one.state === 'done' && one.mine)
      .map((one) => [one.form_name, one.id]),
  );
  const reason = !may_check
    ? t('ui.check.needs_right')
    : clip?.version
      ? undefined
      : t('ui.check.no_sound');
  if (visitor) return null;
  if (coding) {
    return (
      <Coding
        signal={signal}
        onSave={(what) => {
          set_coding(false);
          move('done', what);
        }}
        onClose={() => set_coding(false)}
      />
    );
  }
  return (
    <div className="o-bar">
      <StartCheck
        clip_id={clip?.id}
        forms={clip?.forms ?? []}
        proposed={clip?.default_form_id}
        draft={draft?.id}
        done={checked}
        reason={reason}
        onOpen={onOpen}
        draw_link={paths.draw()}
      />
      {later && (
        <Button keys="KeyS" onClick={() => move('later')}>
          {t('ui.clip.later')}
        </Button>
      )}
      {signal.state !== 'new' && <Button onClick={() => move('new')}>{t('ui.clip.again')}</Button>}
      {signal.state !== 'done' && (
        <Button kind="ghost" keys="KeyX" onClick={done}>
          {t('ui.clip.done')}
        </Button>
      )}
    </div>
  );
}
