// How good was it, and why? The next unanswered question, beside the evidence.
import { Menu } from '@mantine/core';
import { IconArrowBackUp, IconDots, IconTrash, IconX } from '@tabler/icons-react';
import { Fragment, useEffect } from 'react';
import type { CheckView } from '../../api/types';
import { cx } from '../../lib/cx';
import { useT } from '../../lib/lang';
import { number } from '../../lib/numbers';
import { when } from '../../lib/times';
import { Button } from '../../ui/Button';
import { useHotkeys, type Hotkey } from '../../ui/hotkeys';
import type { PlayerControl } from '../../ui/player/engine';
import type { Flag } from '../../ui/player/WaveParts';
import { place } from '../../lib/times';
import './checks.css';
import { GiveUp } from './GiveUp';
import { FoldedQuestion, OpenQuestion } from './Question';
import { ScoreBar } from './ScoreBar';
import { answer_label, choices_of, flags_of, is_answered, lacks_evidence } from './sheet';
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
function useHindrance({ rows, answers, evidence }: Sheet): string | null {
  const t = useT();
  const open = rows.filter((row) => !is_answered(answers, row.item.key)).length;
  if (open > 0) return t('ui.check.left', { n: open });
  const row = rows.find(({ item }) =>
    lacks_evidence(item, answers.get(item.key)?.answer ?? '', evidence),
  );
  return row ? t('ui.check.left_evidence', { n: row.no }) : null;
}

function More({ sheet }: { sheet: Sheet }) {
  const t = useT();
  return (
    <Menu position="bottom-end" width="max-content">
      <Menu.Target>
        <Button kind="ghost" icon={IconDots} label={t('ui.more')} aria-haspopup="menu" />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={sheet.withdraw}>
          {t(sheet.view.state === 'draft' ? 'ui.check.drop_draft' : 'ui.check.withdraw')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Head({
  sheet,
  place_in_queue,
  onClose,
  may_reopen,
}: {
  sheet: Sheet;
  place_in_queue?: string;
  onClose: () => void;
  may_reopen: boolean;
}) {
  const t = useT();
  const { view } = sheet;
  const may = view.mine || may_reopen;
  // Whose work it is stands first: a narrow place cuts the end off.
  const purpose = t(`ui.check.purpose.${view.form.purpose}`);
  const version = t('ui.check.version', { n: view.form.number });
  const form = place_in_queue && view.form.name;
  const about = [view.person_name, view.point_name, form, `${purpose}, ${version}`]
    .filter(Boolean)
    .join(' · ');
  return (
    <div className="o-side-head o-check-head">
      <div className="o-row">
        <h1 className="o-cut" title={view.form.name}>
          {place_in_queue ?? view.form.name}
        </h1>
        <span className="o-sp" />
        {sheet.editable && <GiveUp onGiveUp={sheet.give_up} />}
        {may && view.state !== 'withdrawn' && <More sheet={sheet} />}
        <Button kind="ghost" icon={IconX} label={t('ui.check.close')} onClick={onClose} />
      </div>
      <div className="o-s o-2 o-cut" title={about}>
        {about}
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
          : view.reason_text
            ? t('ui.check.given_up_by', {
                time: when(view.done_at ?? view.started_at, view.zone, Date.now(), true),
                reason: [view.reason_text, view.reason_note].filter(Boolean).join(': '),
              })
            : t(view.checker_name ? 'ui.check.done_by' : 'ui.check.done_at', {
                time: when(view.done_at ?? view.started_at, view.zone, Date.now(), true),
                name: view.checker_name,
              })}
      </span>
      <span className="o-sp" />
      {(view.mine || may_reopen) && (
        <Button
          icon={IconArrowBackUp}
          onClick={view.state === 'done' ? sheet.reopen : sheet.restore}
        >
          {t(view.state === 'done' ? 'ui.check.reopen' : 'ui.check.restore')}
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
                evidence: sheet.evidence.filter((one) => one.item === row.item.key),
                editable: sheet.editable,
                set: ({ answer, comment }: { answer?: string; comment?: string | null }) => {
                  if (answer !== undefined) sheet.answer(answer);
                  if (typeof comment === 'string') sheet.comment(comment);
                },
                mark: sheet.mark,
                unmark: sheet.unmark,
                aside: sheet.asides.get(row.item.key),
                take: () => sheet.take(row.item.key),
                let_go: () => sheet.let_go(row.item.key),
              };
              return sheet.editable && row === sheet.row ? (
                <OpenQuestion
                  key={row.item.key}
                  {...props}
                  form={view.form.id}
                  commenting={sheet.commenting}
                  onComment={sheet.set_commenting}
                  onCommented={sheet.comment_done}
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

const nothing = () => undefined;

export interface CheckSheetProps {
  check: CheckView;
  control: PlayerControl | null;
  origin: number;
  /** Whose drafts are kept in this browser. */
  account: string;
  /** «Проверка 7 из 20» while a queue is gone through. */
  place_in_queue?: string;
  /** Finished or given up. */
  onEnded?: () => void;
  /** An administrator may reopen and withdraw what others did. */
  may_reopen: boolean;
  onFlags: (flags: Flag[]) => void;
  /** `untouched`: nothing was answered, shown or written. */
  onClose: (untouched: boolean) => void;
}

export function CheckSheet(props: CheckSheetProps) {
  const { check, control, origin, may_reopen, onFlags, onClose } = props;
  const t = useT();
  const sheet = useSheet(check, control, props.account, props.onEnded ?? nothing);
  useKeys(sheet);
  const { view, answers, evidence } = sheet;
  const body = view.form.body;
  useEffect(() => {
    onFlags(
      flags_of(body, evidence, answers).map((flag) => ({
        id: flag.id,
        at: flag.at,
        text: String(flag.no),
        tone: flag.tone,
        label: t('ui.check.flag', { n: flag.no, time: place(flag.at, origin) }),
      })),
    );
  }, [body, evidence, answers, origin, onFlags, t]);
  useEffect(() => () => onFlags([]), [onFlags]);
  return (
    <section
      className={cx('o-side', 'o-check', !sheet.editable && 'o-check-read')}
      aria-label={t('ui.check.title')}
    >
      <Head
        sheet={sheet}
        place_in_queue={props.place_in_queue}
        onClose={() => onClose(view.state === 'draft' && answers.size + evidence.length === 0)}
        may_reopen={may_reopen}
      />
      <Items sheet={sheet} control={control} origin={origin} />
      <ScoreBar check={view} answers={answers} current={sheet.current} state={sheet.state} />
      <Foot sheet={sheet} may_reopen={may_reopen} />
    </section>
  );
}
