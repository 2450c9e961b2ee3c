// A calendar day, typed the way the language writes it or picked from the browser's calendar. The
// browser's own field speaks the browser's language, not the desk's, so it only lends its calendar.
import type { TextInputProps } from '@mantine/core';
import { IconCalendar } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useT } from '../lib/lang';
import { day_of_text, day_text } from '../lib/times';
import { TextField, type Pathed } from './Form';

type Shared = Omit<TextInputProps, 'value' | 'onChange' | 'min' | 'max' | 'type'>;
export interface DayFieldProps extends Pathed<Shared> {
  /** «2026-11-20», or empty. */
  value: string;
  min?: string;
  max?: string;
  /** A whole day within the bounds, or empty when the field was cleared. */
  onChange: (day: string) => void;
}

export function DayField({ value, min, max, onChange, className, ...rest }: DayFieldProps) {
  const t = useT();
  const calendar = useRef<HTMLInputElement>(null);
  // What is being typed, as long as it is not the day of the page.
  const [typed, set_typed] = useState<string | null>(null);
  const [left, set_left] = useState(false);
  const fits = (day: string) => (!min || day >= min) && (!max || day <= max);
  const type = (text: string) => {
    set_typed(text);
    set_left(false);
    const day = day_of_text(text);
    if (day && fits(day)) onChange(day);
  };
  const leave = () => {
    if (typed === null) return;
    const day = day_of_text(typed);
    if (typed.trim() === '') onChange('');
    if (typed.trim() === '' || (day && fits(day))) set_typed(null);
    else set_left(true);
  };
  const wrong = left && typed !== null;
  const day_typed = typed === null ? undefined : day_of_text(typed);
  const means_nothing = typed !== null && typed.trim() !== '' && !(day_typed && fits(day_typed));
  const why = typed !== null && day_of_text(typed) ? 'ui.day.outside' : 'ui.day.not_a_day';
  return (
    <TextField
      {...rest}
      {...(wrong ? { error: t(why, { example: day_text(max ?? '2026-11-20') }) } : {})}
      className={className ? `o-day ${className}` : 'o-day'}
      data-wrong={means_nothing || undefined}
      inputMode="numeric"
      autoComplete="off"
      placeholder={t('ui.day.pattern')}
      value={typed ?? day_text(value)}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={leave}
      rightSectionPointerEvents="all"
      rightSection={
        <>
          <button
            type="button"
            className="o-day-pick"
            aria-label={t('ui.day.pick')}
            onClick={() => calendar.current?.showPicker?.()}
          >
            <IconCalendar size={16} aria-hidden />
          </button>
          <input
            ref={calendar}
            type="date"
            className="o-day-lent"
            tabIndex={-1}
            aria-hidden="true"
            value={value}
            min={min}
            max={max}
            onChange={(event) => {
              set_typed(null);
              onChange(event.currentTarget.value);
            }}
          />
        </>
      }
    />
  );
}
