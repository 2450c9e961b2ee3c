// How good was it, and why? The next unanswered question, beside the evidence.
import { IconArrowBackUp, IconX } from '@tabler/icons-react';
import { Fragment, useEffect } from 'react';
import type { CheckView } from '../../api/types';
import { cx } from '../../lib/cx';
import { useT } from '../../lib/lang';
import { number } from '../../lib/numbers';
import { when } from '../../lib/times';
import { Button } from '../../ui/Button';
import { ConfirmButton } from '../../ui/Confirm';
import { useHotkeys, type Hotkey } from '../../ui/hotkeys';
import type { PlayerControl } from '../../ui/player/engine';
import type { Flag } from '../../ui/player/WaveParts';
import { place } from '../../lib/times';
import './checks.css';
import { FoldedQuestion, OpenQuestion } from './Question';
import { ScoreBar } from './ScoreBar';
import { answer_label, choices_of, flags_of, is_answered } from './sheet';
import { useSheet, type Sheet } from './useSheet';

function useKeys(sheet: Sheet): void {
  const t = useT();
  const group = t('ui.check.title');
  const choices = sheet.row ? choices_of(sheet.row.item) : [];
  const answers: Hotkey[] = choices
    .filter(({ cap }) => cap)
    .map(({ key, cap }) => ({
      keys: cap,
      run: () => sheet.answer(key),
      help: sheet.row && answer_label(sheet.row.item, key),
      group,
      enabled: sheet.editable,
    }));
  useHotkeys([
    ...answers,
    {
      keys: 'KeyE',
      run: sheet.mark,
      help: t('ui.check.key_mark'),
      group,
      enabled: sheet.editable,
    },
    {
      keys: 'KeyC',
      run: () => sheet.set_commenting(true),
      help: t('ui.check.key_comment'),
      group,
      enabled: sheet.editable,
    },
    {
      keys: 'ArrowUp',
      run: () => sheet.go(sheet.current - 1),
      help: t('ui.check.key_previous'),
      group,
    },
    {
      keys: 'ArrowDown',
      run: () => sheet.go(sheet.current + 1),
      help: t('ui.check.key_next'),
      group,
    },
    {
      keys: 'Ctrl+Enter',
      run: sheet.finish,
      help: t('ui.check.key_finish'),
      group,
      enabled: sheet.editable,
    },
  ]);
}

/** Why «Завершить» is off; null when it is not. */
function useHindrance({ view, rows, answers }: Sheet): string | null {
  const t = useT();
  const open = rows.filter((row) => !is_answered(answers, row.item.key)).length;
  if (open > 0) return t('ui.check.left', { n: open });
  const first = view.reason_no_finish.find((one) => one.code !== 'check.unanswered');
  const row = first && rows.find(({ item }) => item.key === first.item);
  return row ? t('ui.check.left_evidence', { n: row.no }) : null;
}

function Head({
  sheet,
  onClose,
  may_reopen,
}: {
  sheet: Sheet;
  onClose: () => void;
  may_reopen: boolean;
}) {
  const t = useT();
  const { view } = sheet;
  const may = view.mine || may_reopen;
  return (
    <div className="o-side-head o-check-head">
      <div className="o-row">
        <h1 className="o-cut" title={view.form.name}>
          {view.form.name}
        </h1>
        <span className="o-sp" />
        {may && view.state !== 'withdrawn' && (
          <ConfirmButton
            kind="ghost"
            question={t('ui.check.withdraw_ask')}
            yes={t('ui.check.withdraw')}
            onConfirm={sheet.withdraw}
          >
            {t('ui.check.withdraw')}
          </ConfirmButton>
        )}
        <Button kind="ghost" icon={IconX} label={t('ui.check.close')} onClick={onClose} />
      </div>
      <div className="o-s o-2">
        {t(`ui.check.purpose.${view.form.purpose}`)},{' '}
        {t('ui.check.version', { n: view.form.number })} · {view.point_name}
        {view.person_name && ` · ${view.person_name}`}
      </div>
    </div>
  );
}

function Foot({ sheet, may_reopen }: { sheet: Sheet; may_reopen: boolean }) {
  const t = useT();
  const hindrance = useHindrance(sheet);
  const { view } = sheet;
  if (view.state === 'draft') {
    return (
      <div className="o-bar o-check-bar">
        {sheet.editable ? (
          <>
            <Button
              kind="primary"
              keys="Ctrl+Enter"
              reason={hindrance ?? undefined}
              onClick={sheet.finish}
            >
              {t('ui.check.finish')}
            </Button>
            {hindrance && <span className="o-3 o-s">{hindrance}</span>}
          </>
        ) : (
          <span className="o-2">{t('ui.check.not_mine', { name: view.checker_name })}</span>
        )}
      </div>
    );
  }
  return (
    <div className="o-bar o-check-bar">
      <span className="o-2">
        {view.state === 'withdrawn'
          ? t('ui.check.withdrawn')
          : t(view.checker_name ? 'ui.check.done_by' : 'ui.check.done_at', {
              time: when(view.done_at ?? view.started_at, view.zone, Date.now(), true),
              name: view.checker_name,
            })}
      </span>
      <span className="o-sp" />
      {(view.mine || may_reopen) && view.state === 'done' && (
        <Button icon={IconArrowBackUp} onClick={sheet.reopen}>
          {t('ui.check.reopen')}
        </Button>
      )}
    </div>
  );
}

function Items({
  sheet,
  control,
  origin,
}: {
  sheet: Sheet;
  control: PlayerControl | null;
  origin: number;
}) {
  const t = useT();
  const { view, rows, answers } = sheet;
  return (
    <div className="o-form o-scroll">
      {view.form.body.sections.map((section) => {
        const own = rows.filter((row) => row.section === section.key);
        const given = own.filter((row) => is_answered(answers, row.item.key)).length;
        return (
          <Fragment key={section.key}>
            <div className="o-sec">
              <h2>{section.title}</h2>
              <span>
                {given === 0
                  ? t('ui.check.no_answers')
                  : t('ui.check.of', { got: number(given), most: number(own.length) })}
              </span>
            </div>
            {own.map((row) => {
              const props = {
                row,
                control,
                origin,
                answer: answers.get(row.item.key),
                evidence: view.evidence.filter((one) => one.item === row.item.key),
                editable: sheet.editable,
                set: ({ answer, comment }: { answer?: string; comment?: string | null }) => {
                  if (answer !== undefined) sheet.answer(answer);
                  if (typeof comment === 'string') sheet.comment(comment);
                },
                mark: sheet.mark,
                unmark: sheet.unmark,
              };
              return sheet.editable && row === sheet.row ? (
                <OpenQuestion
                  key={row.item.key}
                  {...props}
                  commenting={sheet.commenting}
                  onComment={sheet.set_commenting}
                />
              ) : (
                <FoldedQuestion key={row.item.key} {...props} onOpen={() => sheet.go(row.no - 1)} />
              );
            })}
          </Fragment>
        );
      })}
    </div>
  );
}

export interface CheckSheetProps {
  check: CheckView;
  control: PlayerControl | null;
  origin: number;
  /** An administrator may reopen and withdraw what others did. */
  may_reopen: boolean;
  onFlags: (flags: Flag[]) => void;
  onClose: () => void;
}

export function CheckSheet(props: CheckSheetProps) {
  const { check, control, origin, may_reopen, onFlags, onClose } = props;
  const t = useT();
  const sheet = useSheet(check, control);
  useKeys(sheet);
  const { view, answers } = sheet;
  useEffect(() => {
    onFlags(
      flags_of(view, answers).map((flag) => ({
        id: flag.id,
        at: flag.at,
        text: String(flag.no),
        tone: flag.tone,
        label: t('ui.check.flag', { n: flag.no, time: place(flag.at, origin) }),
      })),
    );
  }, [view, answers, origin, onFlags, t]);
  useEffect(() => () => onFlags([]), [onFlags]);
  return (
    <section
      className={cx('o-side', 'o-check', !sheet.editable && 'o-check-read')}
      aria-label={t('ui.check.title')}
    >
      <Head sheet={sheet} onClose={onClose} may_reopen={may_reopen} />
      <Items sheet={sheet} control={control} origin={origin} />
      <ScoreBar check={view} answers={answers} current={sheet.current} state={sheet.state} />
      <Foot sheet={sheet} may_reopen={may_reopen} />
    </section>
  );
}
