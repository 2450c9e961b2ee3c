// Everything a checker does to one check, and where they stand in it.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { CheckView } from '../../api/types';
import { t } from '../../lib/lang';
import { samples_of } from '../../lib/sound';
import type { PlayerControl } from '../../ui/player/engine';
import { toast } from '../../ui/Toast';
import { complain, wire_of } from './queries';
import { AnswerSaver } from './saver';
import { lacks_evidence, next_open, rows_of } from './sheet';

export function useSheet(check: CheckView, control: PlayerControl | null) {
  const client = useQueryClient();
  const wire = useMemo(() => wire_of(client, check.id), [client, check.id]);
  // One saver per check; later views of the same check are given to it.
  const saver = useMemo(() => new AnswerSaver(check, wire), [check.id, wire]);
  useEffect(() => saver.accept(check), [saver, check]);
  useEffect(() => () => saver.stop(), [saver]);
  const { view, answers, state } = useSyncExternalStore(saver.subscribe, saver.snapshot);
  const rows = useMemo(() => rows_of(view.form.body), [view.form]);
  const [current, set_current] = useState(() => next_open(rows, answers, -1));
  const [commenting, set_commenting] = useState(false);
  const editable = view.state === 'draft' && view.mine;
  const go = useCallback(
    (to: number) => {
      set_commenting(false);
      set_current(Math.min(rows.length - 1, Math.max(0, to)));
    },
    [rows.length],
  );
  const row = rows[current];

  const answer = (key: string) => {
    if (!editable || !row) return;
    saver.set(row.item.key, { answer: key });
    // A fault without evidence keeps its question open; the second is asked for in place.
    if (!key || lacks_evidence(row.item, key, view.evidence)) return;
    go(next_open(rows, saver.snapshot().answers, current));
  };
  const mark = async () => {
    if (!editable || !row || !control?.audible) return;
    const at = samples_of(control.at);
    const was_open = lacks_evidence(
      row.item,
      answers.get(row.item.key)?.answer ?? '',
      view.evidence,
    );
    const done = await saver.act(() => wire.mark(row.item.key, at), complain);
    if (done && was_open) go(next_open(rows, saver.snapshot().answers, current));
  };
  const finish = async () => {
    await saver.flush();
    const now = saver.snapshot().view;
    if (!editable || now.reason_no_finish.length > 0) return;
    if (!(await saver.act((version) => wire.finish(version), complain))) return;
    toast({
      text: t('ui.check.finished'),
      undo: () => void saver.act(() => wire.reopen(), complain),
    });
    void client.invalidateQueries({ queryKey: ['clip'] });
  };
  return {
    view,
    answers,
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
    mark: () => void mark(),
    unmark: (id: string) => void saver.act(() => wire.unmark(id), complain),
    finish: () => void finish(),
    reopen: () => void saver.act(() => wire.reopen(), complain),
    withdraw: () => void saver.act(() => wire.withdraw(), complain),
  };
}
export type Sheet = ReturnType<typeof useSheet>;
