// Sections, questions, weights, answers of a form.
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { text_of, useT } from '../../lib/lang';
import type { FormAnswer, FormBody, FormItem } from '../../api/types';
import { Button } from '../../ui/Button';
import { AreaField, CheckField, NumberField, SelectField } from '../../ui/Fields';
import { TextField } from '../../ui/Form';
import {
  dropped,
  fraction_of,
  free_key,
  moved,
  new_item,
  percent_of,
  replaced,
  with_scoring,
  type Scoring,
} from './form_body';

const scorings = ['percentage', 'points', 'zero_norm'] as const;
const criticals = ['none', 'note', 'section', 'check'] as const;

function Moves({
  name,
  at,
  count,
  onMove,
  onRemove,
}: {
  name: string;
  at: number;
  count: number;
  onMove: (step: number) => void;
  onRemove: () => void;
}) {
  const t = useT();
  return (
    <span className="o-set-do">
      <Button
        kind="ghost"
        icon={IconArrowUp}
        label={t('ui.form.up', { name })}
        disabled={at === 0}
        onClick={() => onMove(-1)}
      />
      <Button
        kind="ghost"
        icon={IconArrowDown}
        label={t('ui.form.down', { name })}
        disabled={at === count - 1}
        onClick={() => onMove(1)}
      />
      <Button
        kind="ghost"
        icon={IconTrash}
        label={t('ui.form.remove', { name })}
        onClick={onRemove}
      />
    </span>
  );
}

function Answers({
  item,
  path,
  scoring,
  put,
}: {
  item: FormItem;
  path: string;
  scoring: Scoring;
  put: (answers: FormAnswer[]) => void;
}) {
  const t = useT();
  const { answers } = item;
  const keys = answers.map((one) => one.key);
  return (
    <div className="o-form-answers">
      {answers.map((answer, i) => (
        <div key={answer.key} className="o-set-line">
          <TextField
            path={`${path}.answers[${i}].label`}
            aria-label={t('ui.form.answer_n', { n: i + 1 })}
            placeholder={text_of(`ui.check.answer.${answer.key}`) ?? t('ui.form.answer')}
            value={answer.label}
            onChange={(event) => put(replaced(answers, i, { label: event.currentTarget.value }))}
          />
          {scoring === 'percentage' ? (
            <NumberField
              path={`${path}.answers[${i}].value_num`}
              aria-label={t('ui.form.percent')}
              suffix=" %"
              value={percent_of(answer)}
              min={0}
              max={100}
              decimalScale={1}
              onChange={(value) => put(replaced(answers, i, fraction_of(Number(value) || 0)))}
            />
          ) : (
            <NumberField
              path={`${path}.answers[${i}].points`}
              aria-label={t('ui.form.points')}
              value={answer.points ?? 0}
              allowDecimal={false}
              onChange={(value) => put(replaced(answers, i, { points: Number(value) || 0 }))}
            />
          )}
          <Button
            kind="ghost"
            icon={IconTrash}
            label={t('ui.form.remove', { name: answer.label || String(i + 1) })}
            onClick={() => put(dropped(answers, i))}
          />
        </div>
      ))}
      <Button
        kind="ghost"
        icon={IconPlus}
        onClick={() =>
          put([
            ...answers,
            {
              key: free_key('a', keys),
              label: '',
              value_num: scoring === 'percentage' ? 0 : null,
              value_den: scoring === 'percentage' ? 1 : null,
              points: scoring === 'percentage' ? null : 0,
            },
          ])
        }
      >
        {t('ui.form.answer_add')}
      </Button>
    </div>
  );
}

function Item({
  item,
  n,
  path,
  scoring,
  put,
  moves,
}: {
  item: FormItem;
  n: number;
  path: string;
  scoring: Scoring;
  put: (change: Partial<FormItem>) => void;
  moves: React.ReactNode;
}) {
  const t = useT();
  return (
    <fieldset className="o-form-item">
      <legend>{t('ui.check.question', { n })}</legend>
      <div className="o-row o-form-head">
        <AreaField
          path={`${path}.text`}
          className="o-sp"
          minRows={1}
          label={t('ui.form.text')}
          value={item.text}
          onChange={(event) => put({ text: event.currentTarget.value.replace(/\s*\n\s*/g, ' ') })}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault(); // one line of words on several lines of the screen
            event.currentTarget.form?.requestSubmit();
          }}
        />
        {moves}
      </div>
      <TextField
        path={`${path}.hint`}
        label={t('ui.form.hint')}
        value={item.hint ?? ''}
        onChange={(event) => put({ hint: event.currentTarget.value })}
      />
      <div className="o-set-line">
        {scoring === 'percentage' && (
          <NumberField
            path={`${path}.weight`}
            label={t('ui.form.weight')}
            value={item.weight}
            min={1}
            allowDecimal={false}
            onChange={(value) => put({ weight: Number(value) || 1 })}
          />
        )}
        <SelectField
          path={`${path}.critical`}
          label={t('ui.form.critical')}
          value={item.critical ?? 'none'}
          data={criticals.map((value) => ({ value, label: t(`ui.form.critical_of.${value}`) }))}
          onChange={(value) => put({ critical: value as FormItem['critical'] })}
        />
      </div>
      {item.critical === 'check' && (
        <CheckField
          path={`${path}.keep_score`}
          label={t('ui.form.keep_score')}
          checked={item.keep_score ?? false}
          onChange={(event) => put({ keep_score: event.currentTarget.checked })}
        />
      )}
      <CheckField
        path={`${path}.na_allowed`}
        label={t('ui.form.na_allowed')}
        checked={item.na_allowed ?? true}
        onChange={(event) => put({ na_allowed: event.currentTarget.checked })}
      />
      <Answers item={item} path={path} scoring={scoring} put={(answers) => put({ answers })} />
    </fieldset>
  );
}

function Section({ body, at, put }: { body: FormBody; at: number; put: (body: FormBody) => void }) {
  const t = useT();
  const section = body.sections[at];
  if (!section) return null;
  const set = (change: Partial<typeof section>) =>
    put({ ...body, sections: replaced(body.sections, at, change) });
  const { items } = section;
  return (
    <section className="o-form-section" aria-label={section.title}>
      <div className="o-row o-form-head">
        <TextField
          path={`body.sections[${at}].title`}
          className="o-sp"
          label={t('ui.form.section')}
          value={section.title}
          onChange={(event) => set({ title: event.currentTarget.value })}
        />
        <Moves
          name={section.title}
          at={at}
          count={body.sections.length}
          onMove={(step) => put({ ...body, sections: moved(body.sections, at, step) })}
          onRemove={() => put({ ...body, sections: dropped(body.sections, at) })}
        />
      </div>
      {items.map((item, i) => (
        <Item
          key={item.key}
          item={item}
          n={i + 1}
          path={`body.sections[${at}].items[${i}]`}
          scoring={body.scoring}
          put={(change) => set({ items: replaced(items, i, change) })}
          moves={
            <Moves
              name={item.text || t('ui.check.question', { n: i + 1 })}
              at={i}
              count={items.length}
              onMove={(step) => set({ items: moved(items, i, step) })}
              onRemove={() => set({ items: dropped(items, i) })}
            />
          }
        />
      ))}
      <Button icon={IconPlus} onClick={() => set({ items: [...items, new_item(body)] })}>
        {t('ui.form.item_add')}
      </Button>
    </section>
  );
}

export function BodyEditor({ body, put }: { body: FormBody; put: (body: FormBody) => void }) {
  const t = useT();
  const add = () => {
    const key = free_key(
      's',
      body.sections.map((one) => one.key),
    );
    put({ ...body, sections: [...body.sections, { key, title: '', items: [new_item(body)] }] });
  };
  return (
    <>
      <div className="o-set-line">
        <SelectField
          path="body.scoring"
          label={t('ui.form.scoring')}
          description={t('ui.form.scoring_help')}
          value={body.scoring}
          data={scorings.map((value) => ({ value, label: t(`ui.form.scoring_of.${value}`) }))}
          onChange={(value) => put(with_scoring(body, value as Scoring))}
        />
        <SelectField
          path="body.na"
          label={t('ui.form.na')}
          value={body.na}
          data={(['remove', 'full'] as const).map((value) => ({
            value,
            label: t(`ui.form.na_of.${value}`),
          }))}
          onChange={(value) => put({ ...body, na: value as FormBody['na'] })}
        />
      </div>
      {body.sections.map((section, i) => (
        <Section key={section.key} body={body} at={i} put={put} />
      ))}
      <div>
        <Button icon={IconPlus} onClick={add}>
          {t('ui.form.section_add')}
        </Button>
      </div>
    </>
  );
}
