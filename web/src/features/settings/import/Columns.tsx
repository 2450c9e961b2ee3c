// Which column of the file is which field; guessed by the headers, mended by hand.
import { useState } from 'react';
import { id_part, send } from '../../../api/call';
import { text_of, useT } from '../../../lib/lang';
import { NumberField, SelectField, SwitchField } from '../../../ui/Fields';
import { TextField } from '../../../ui/Form';
import { Editor, useChange } from '../kit';
import { useUnits } from '../queries';
import type { Import, ImportFile, ImportSettings } from './queries';

const none = '-';
const signal_kinds = ['answer', 'idea', 'complaint', 'praise'] as const;

/** «Телефон (столбец 4): 8 912…»: what stands in it tells more than its number. */
export function column_label(file: ImportFile, at: number, nth: string): string {
  const column = file.columns[at];
  if (!column) return nth;
  const sample = column.samples.slice(0, 2).join('; ');
  return [column.title || nth, sample].filter(Boolean).join(': ');
}

/** The choice with one field moved to a column; whatever had the column before loses it. */
export function with_column(
  columns: ImportSettings['columns'],
  field: string,
  column: number | null,
): ImportSettings['columns'] {
  const others = columns.filter((one) => one.field !== field && one.column !== column);
  return column === null ? others : [...others, { field, column }];
}

export function Columns({ one, file }: { one: Import; file: ImportFile }) {
  const t = useT();
  const units = useUnits().data?.items ?? [];
  const [typed, set_typed] = useState<ImportSettings>(one.settings);
  const put = (change: Partial<ImportSettings>) => set_typed({ ...typed, ...change });
  const save = useChange(
    (settings: ImportSettings) => send('put', `/imports/${id_part(one.id)}`, settings, one.version),
    ['import'],
  );
  const choices = [
    { value: none, label: t('ui.import.column_none') },
    ...file.columns.map((_, at) => ({
      value: String(at),
      label: column_label(file, at, t('ui.import.column_n', { n: at + 1 })),
    })),
  ];
  const matched = file.import_fields.filter((field) => field.column !== null);
  const kind = one.import_kind;
  return (
    <details className="o-import-match" open={file.faults.length > 0}>
      <summary>
        {t('ui.import.matched', {
          n: matched.length,
          fields: matched.map((field) => field.title).join(', '),
        })}
      </summary>
      <Editor
        change={save}
        paths={[
          'sheet',
          'header_row',
          'unit',
          'name',
          'purpose',
          'scale_max',
          'year',
          'service_minutes',
          'button_kind',
          'to_inbox',
        ]}
        save={t('ui.import.apply')}
        onSubmit={() => save.mutate(typed)}
      >
        {file.sheet_names.length > 1 && (
          <SelectField
            path="sheet"
            label={t('ui.import.sheet')}
            value={String(typed.sheet)}
            data={file.sheet_names.map((label, at) => ({ value: String(at), label }))}
            // Another sheet has other columns: the server looks for them anew.
            onChange={(value) => save.mutate({ ...typed, sheet: Number(value), columns: [] })}
          />
        )}
        <NumberField
          path="header_row"
          label={t('ui.import.header_row')}
          value={typed.header_row}
          min={0}
          allowDecimal={false}
          onChange={(value) => put({ header_row: Number(value) || 0 })}
        />
        {file.import_fields.map((field) => (
          <SelectField
            key={field.name}
            path={`columns.${field.name}`}
            label={field.title}
            withAsterisk={field.required}
            value={String(typed.columns.find((c) => c.field === field.name)?.column ?? none)}
            data={choices}
            onChange={(value) =>
              put({
                columns: with_column(
                  typed.columns,
                  field.name,
                  value === null || value === none ? null : Number(value),
                ),
              })
            }
          />
        ))}
        {(kind === 'staff' || kind === 'calendar') && units.length > 1 && (
          <SelectField
            path="unit"
            label={t(kind === 'staff' ? 'ui.import.unit_staff' : 'ui.import.unit_calendar')}
            value={typed.unit ?? units[0]?.id ?? ''}
            data={units.map((unit) => ({ value: unit.id, label: unit.name }))}
            onChange={(value) => put({ unit: value })}
          />
        )}
        {kind === 'form' && (
          <>
            <TextField
              path="name"
              label={t('ui.import.form_name')}
              value={typed.name ?? ''}
              onChange={(event) => put({ name: event.currentTarget.value || null })}
            />
            <SelectField
              path="purpose"
              label={t('ui.import.form_purpose')}
              value={typed.purpose ?? 'standard'}
              data={(['standard', 'signal'] as const).map((value) => ({
                value,
                label: text_of(`ui.check.purpose.${value}`) ?? value,
              }))}
              onChange={(value) => put({ purpose: value as ImportSettings['purpose'] })}
            />
          </>
        )}
        {kind === 'past_scores' && (
          <NumberField
            path="scale_max"
            label={t('ui.import.scale')}
            description={t('ui.import.scale_what')}
            value={typed.scale_max ?? 100}
            min={1}
            allowDecimal={false}
            onChange={(value) => put({ scale_max: Number(value) || 100 })}
          />
        )}
        {kind === 'contacts' && (
          <NumberField
            path="service_minutes"
            label={t('ui.import.service')}
            description={t('ui.import.service_what')}
            value={typed.service_minutes ?? 15}
            min={1}
            max={240}
            allowDecimal={false}
            onChange={(value) => put({ service_minutes: Number(value) || 15 })}
          />
        )}
        {kind === 'presses' && (
          <>
            <SelectField
              path="button_kind"
              label={t('ui.import.log.button_kind')}
              value={typed.button_kind ?? none}
              data={[
                { value: none, label: t('ui.import.log.button_kind_none') },
                ...signal_kinds.map((value) => ({
                  value,
                  label: text_of(`signal.kind.${value}`) ?? value,
                })),
              ]}
              onChange={(value) =>
                put({
                  button_kind: value === none ? null : (value as ImportSettings['button_kind']),
                })
              }
            />
            <SwitchField
              path="to_inbox"
              label={t('ui.import.log.inbox')}
              checked={typed.to_inbox ?? false}
              onChange={(event) => put({ to_inbox: event.currentTarget.checked })}
            />
          </>
        )}
        {kind === 'calendar' && (
          <NumberField
            path="year"
            label={t('ui.import.year')}
            value={typed.year ?? ''}
            min={2000}
            max={2099}
            allowDecimal={false}
            onChange={(value) => put({ year: Number(value) || null })}
          />
        )}
      </Editor>
    </details>
  );
}
