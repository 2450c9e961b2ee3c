// Everything a checker does to one check, and where they stand in it.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { intention } from '../../api/client';
import type { CheckReason, CheckView } from '../../api/types';
import { t } from '../../lib/lang';
import { samples_of } from '../../lib/sound';
import type { PlayerControl } from '../../ui/player/engine';
import { toast } from '../../ui/Toast';
import { complain, wire_of } from './queries';
import { AnswerSaver } from './saver';
import { is_fault, lacks_evidence, next_open, rows_of } from './sheet';
import { hold_open, shelf_of } from './unsent';

/** One saver per check; later views of the same check are given to it. */
function useSaver(check: CheckView, account: string) {
  const client = useQueryClient();
  const wire = useMemo(() => wire_of(client, check.id), [client, check.id]);
  const saver = useMemo(
    () => new AnswerSaver(check, wire, shelf_of(account, check.id), complain),
    [check.id, account, wire],
  );
  useEffect(() => saver.accept(check), [saver, check]);
  useEffect(() => () => saver.stop(), [saver]);
  useEffect(() => hold_open(check.id), [check.id]);
  useEffect(() => {
    // The line is back: what waits need not wait for its next turn.
    const go = () => void (saver.waits() && saver.flush());
    window.addEventListener('online', go);
    return () => window.removeEventListener('online', go);
  }, [saver]);
  return { saver, wire };
}

/** Ways to end a check and to take that back. */
function useEndings(
  { saver, wire }: ReturnType<typeof useSaver>,
  editable: boolean,
  onEnded: () => void,
) {
  const client = useQueryClient();
  const reopen = () => void saver.act(() => wire.reopen(), complain);
  const restore = () => void saver.act(() => wire.restore(), complain);
  const told = (text: string, undo: () => void) => {
    toast({ text, undo });
    void client.invalidateQueries({ queryKey: ['clip'] });
  };
  const finish = async () => {
    await saver.flush();
    const now = saver.snapshot().view;
    if (!editable || now.reason_no_finish.length > 0) return;
    if (!(await saver.act((version) => wire.finish(version), complain))) return;
    told(t('ui.check.finished'), reopen);
    onEnded();
  };
  const give_up = async (reason: CheckReason, note: string) => {
    const act = (version: number) => wire.give_up(reason, note, version);
    if (!editable || !(await saver.act(act, complain))) return;
    told(t('ui.check.given_up'), reopen);
    onEnded();
  };
  const withdraw = async () => {
    const draft = saver.snapshot().view.state === 'draft';
    if (!(await saver.act(() => wire.withdraw(), complain))) return;
    told(t(draft ? 'ui.check.draft_gone' : 'ui.check.withdrawn_now'), restore);
  };
  return {
    finish: () => void finish(),
    give_up: (reason: CheckReason, note: string) => void give_up(reason, note),
    reopen,
    withdraw: () => void withdraw(),
    restore,
  };
}

export function useSheet(
  check: CheckView,
  control: PlayerControl | null,
  account: string,
  onEnded: () => void,
) {
  const held = useSaver(check, account);
  const { saver, wire } = held;
  const { view, answers, evidence, asides, state } = useSyncExternalStore(
    saver.subscribe,
    saver.snapshot,
  );

  const rows = useMemo(() => rows_of(view.form.body), [view.form]);
  const [current, set_current] = useState(() => next_open(rows, answers, -1));
  const [commenting, set_commenting] = useState(false);
  const editable = view.state === 'draft' && view.mine;
  const endings = useEndings(held, editable, onEnded);
  const go = useCallback(
    (to: number) => {
      set_commenting(false);
      set_current(Math.min(rows.length - 1, Math.max(0, to)));
    },
    [rows.length],
  );
  const row = rows[current];
  const go_on = () => go(next_open(rows, saver.snapshot().answers, current));

  const mark = () => {
    if (!editable || !row || !control?.audible) return;
    const clip_sample = samples_of(control.at);
    saver.mark({ key: intention(), item: row.item.key, clip_sample });
  };
  const answer = (key: string) => {
    if (!editable || !row) return;
    saver.set(row.item.key, { answer: key });
    if (!key) return;
    // What is below the full answer is shown where it is heard: at the second of now.
    const lacks = lacks_evidence(row.item, key, evidence);
    if (lacks && control?.audible) mark();
    if (is_fault(row.item, key)) set_commenting(true);
    else if (!lacks || control?.audible) go_on();
  };
  const unmark = async (id: string) => {
    const gone = evidence.find((one) => one.id === id);
    if (!gone || !(await saver.act(() => wire.unmark(id), complain))) return;
    const { item, clip_sample } = gone;
    if (clip_sample === null) return;
    const undo = () => saver.mark({ key: intention(), item, clip_sample });
    toast({ text: t('ui.check.unmarked'), undo });
  };
  return {
    view,
    answers,
    evidence,
    asides,
    state,
    rows,
    row,
    current,
    go,
    editable,
    commenting,
    set_commenting,
    answer,
    comment: (text: string) => row && editable && saver.set(row.item.key, { comment: text }),
    /** The comment is written: on to what is still open. */
    comment_done: () => {
      set_commenting(false);
      go_on();
    },
    take: (item: string) => saver.take(item),
    let_go: (item: string) => saver.let_go(item),
    mark: () => {
      const was_open =
        row && lacks_evidence(row.item, answers.get(row.item.key)?.answer ?? '', evidence);
      mark();
      if (was_open && !commenting) go_on();
    },
    unmark: (id: string) => void unmark(id),
    ...endings,
  };
}
export type Sheet = ReturnType<typeof useSheet>;
