// One item of the form: folded to a row, or open with its answers.
import {
  IconCheck,
  IconCircleHalf2,
  IconMapPin,
  IconMessage,
  IconMinus,
  IconX,
} from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { CheckAnswer, CheckEvidence } from '../../api/types';
import { cx } from '../../lib/cx';
import { useT } from '../../lib/lang';
import { number } from '../../lib/numbers';
import { seconds_of } from '../../lib/sound';
import { place } from '../../lib/times';
import { Button, type Icon } from '../../ui/Button';
import { Kbd } from '../../ui/Kbd';
import type { PlayerControl } from '../../ui/player/engine';
import { Badge, StateWord, type Tone } from '../../ui/StateWord';
import { Comment, OtherText } from './Comment';
import { answer_label, choices_of, lacks_evidence, na, tone_of, type Row } from './sheet';
import type { Aside } from './unsent';

const icons: Record<Tone, Icon> = {
  green: IconCheck,
  amber: IconCircleHalf2,
  red: IconX,
  text: IconMinus,
  quiet: IconMinus,
};
const heard_before_s = 2;

export interface Filling {
  control: PlayerControl | null;
  /** Second of the record that reads 0. */
  origin: number;
  evidence: readonly CheckEvidence[];
  editable: boolean;
  set: (change: Partial<Pick<CheckAnswer, 'answer' | 'comment'>>) => void;
  mark: () => void;
  unmark: (id: string) => void;
  /** The other text of this answer, where two were written. */
  aside: Aside | undefined;
  take: () => void;
  let_go: () => void;
}
export interface QuestionProps extends Filling {
  row: Row;
  answer: CheckAnswer | undefined;
}

function Times({ control, origin, evidence }: Pick<Filling, 'control' | 'origin' | 'evidence'>) {
  const t = useT();
  return evidence.map((one) => {
    if (one.clip_sample === null)
      return (
        <span key={one.id} className="o-3 o-s">
          {t('ui.check.gone')}
        </span>
      );
    const at = seconds_of(one.clip_sample);
    return (
      <button
        key={one.id}
        type="button"
        className="o-it-ev"
        aria-label={t('ui.check.hear', { time: place(at, origin) })}
        onClick={(event) => {
          event.stopPropagation();
          control?.play_from(at, heard_before_s);
        }}
      >
        {place(at, origin)}
      </button>
    );
  });
}

function Critical({ row }: { row: Row }) {
  const t = useT();
  const level = row.item.critical;
  return level && level !== 'none' ? <Badge>{t('ui.check.critical')}</Badge> : null;
}

export function FoldedQuestion(props: QuestionProps & { onOpen: () => void }) {
  const { row, answer, onOpen } = props;
  const t = useT();
  const key = answer?.answer ?? '';
  const tone = tone_of(row.item, key);
  const said = [answer?.comment, ...props.evidence.map((one) => one.quote)].filter(Boolean);
  return (
    <div className={cx('o-it', !key && 'o-it-todo')}>
      <span className="o-it-no">{row.no}</span>
      <span className="o-it-x">
        <button type="button" className="o-it-open" onClick={onOpen}>
          {row.item.text}
        </button>{' '}
        <Critical row={row} /> <Times {...props} />
      </span>
      <span>
        {key ? (
          <StateWord icon={icons[tone]} tone={tone}>
            {answer_label(row.item, key)}
          </StateWord>
        ) : (
          <span className="o-3 o-s">{t('ui.check.weight', { n: number(row.item.weight) })}</span>
        )}
      </span>
      {said.length > 0 && <span className="o-it-note">{said.join(' · ')}</span>}
      {props.aside && (
        <div className="o-it-note">
          <OtherText
            item={row.item}
            aside={props.aside}
            onTake={props.editable ? props.take : undefined}
            onLetGo={props.let_go}
          />
        </div>
      )}
    </div>
  );
}

/** «Отметить −0:14»: the second under the play line, written without rendering. */
function MarkButton({ control, origin, mark }: Filling) {
  const t = useT();
  const held = useRef<HTMLSpanElement>(null);
  useEffect(
    () =>
      control?.on_frame((at) => {
        const text = t('ui.check.mark', { time: place(at, origin) });
        if (held.current && held.current.textContent !== text) held.current.textContent = text;
      }),
    [control, origin, t],
  );
  if (!control?.audible) return null;
  return (
    <button type="button" className="o-btn o-btn-ghost o-it-do" onClick={mark}>
      <IconMapPin size={16} aria-hidden />
      <span ref={held} />
      <Kbd keys="KeyE" />
    </button>
  );
}

function Choices({ row, answer, set }: QuestionProps) {
  return (
    <div className="o-ans" role="group" aria-label={row.item.text}>
      {choices_of(row.item).map(({ key, cap }) => {
        const on = answer?.answer === key;
        const tone = tone_of(row.item, key);
        const Mark = icons[tone];
        return (
          <button
            key={key}
            type="button"
            className={cx('o-btn', on && `o-ans-on o-ans-${tone}`)}
            aria-pressed={on}
            onClick={() => set({ answer: on ? '' : key })}
          >
            <span className={cx('o-only-ph', `o-tone-${tone}`)}>
              <Mark size={20} aria-hidden />
            </span>
            <span className="o-cut">{answer_label(row.item, key)}</span>
            {cap && <Kbd keys={cap} />}
          </button>
        );
      })}
    </div>
  );
}

function Marks({ evidence, origin, control, unmark }: Filling) {
  const t = useT();
  if (evidence.length === 0) return null;
  return (
    <div className="o-row o-it-marks">
      {evidence.map((one) => {
        const time = one.clip_sample === null ? '' : place(seconds_of(one.clip_sample), origin);
        return (
          <span key={one.id} className="o-row">
            <Times evidence={[one]} origin={origin} control={control} />
            {one.recording_id && (
              <Button
                kind="ghost"
                icon={IconX}
                label={t('ui.check.unmark', { time })}
                onClick={() => unmark(one.id)}
              />
            )}
          </span>
        );
      })}
    </div>
  );
}

export interface OpenProps extends QuestionProps {
  form: string;
  commenting: boolean;
  onComment: (on: boolean) => void;
  onCommented: () => void;
}

export function OpenQuestion(props: OpenProps) {
  const { row, answer, evidence, set, commenting, onComment, onCommented, aside } = props;
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  // Focus stands on the question itself, so that Space still plays.
  const come_back = () => box.current?.focus({ preventScroll: true });
  useEffect(() => {
    come_back();
    box.current?.scrollIntoView({ block: 'nearest' });
  }, [row.item.key]);
  const key = answer?.answer ?? '';
  const lacking = key !== na && lacks_evidence(row.item, key, evidence);
  return (
    <div
      ref={box}
      className="o-cur"
      tabIndex={-1}
      role="group"
      aria-label={t('ui.check.question', { n: row.no })}
      aria-current="step"
    >
      <span className="o-it-no">{row.no}</span>
      <div className="o-cur-in">
        <div className="o-row">
          <h2>
            {row.item.text} <Critical row={row} />
          </h2>
          <span className="o-sp" />
          <span className="o-3 o-s o-nw">
            {t('ui.check.weight', { n: number(row.item.weight) })}
          </span>
        </div>
        {row.item.hint && <p className="o-2">{row.item.hint}</p>}
        <Choices {...props} />
        {lacking && <p className="o-red o-s o-it-lack">{t('ui.check.needs_evidence')}</p>}
        <Marks {...props} />
        <div className="o-row o-it-acts">
          <MarkButton {...props} />
          <button
            type="button"
            className="o-btn o-btn-ghost o-it-do"
            aria-expanded={commenting}
            onClick={() => onComment(!commenting)}
          >
            <IconMessage size={16} aria-hidden />
            {t('ui.check.comment')}
            <Kbd keys="KeyC" />
          </button>
        </div>
        {(commenting || answer?.comment) && (
          <Comment
            key={row.item.key}
            form={props.form}
            item={row.item.key}
            value={answer?.comment ?? ''}
            focused={commenting}
            onChange={(comment) => set({ comment })}
            onDone={() => {
              come_back(); // the next question takes it, if there is one
              onCommented();
            }}
            onLeave={() => {
              onComment(false);
              come_back();
            }}
          />
        )}
        {aside && (
          <OtherText item={row.item} aside={aside} onTake={props.take} onLetGo={props.let_go} />
        )}
      </div>
    </div>
  );
}
