// A time of the day, typed by the clock of 24 hours. The browser's own field speaks the browser's
// language: «08:30 PM» on a Russian desk.
import type { TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { useT } from '../lib/lang';
import { time_of_text } from '../lib/times';
import { TextField, type Pathed } from './Form';

type Shared = Omit<TextInputProps, 'value' | 'onChange' | 'type'>;
export interface TimeFieldProps extends Pathed<Shared> {
  /** «09:30», «09:30:00», or empty. */
  value: string;
  seconds?: boolean;
  /** A whole time, or empty when the field was cleared. */
  onChange: (time: string) => void;
}

export function TimeField({ value, seconds, onChange, error, ...rest }: TimeFieldProps) {
  const t = useT();
  // What is being typed, as long as the field is not left.
  const [typed, set_typed] = useState<string | null>(null);
  const [left, set_left] = useState(false);
  const type = (text: string) => {
    set_typed(text);
    set_left(false);
    const time = time_of_text(text, seconds);
    if (time !== undefined) onChange(time);
  };
  const leave = () => {
    if (typed === null) return;
    if (time_of_text(typed, seconds) === undefined) set_left(true);
    else set_typed(null);
  };
  const wrong = left && typed !== null;
  return (
    <TextField
      {...rest}
      {...(wrong || error
        ? { error: error ?? t('ui.time.not_a_time', { example: seconds ? '09:30:00' : '09:30' }) }
        : {})}
      data-wrong={(typed !== null && time_of_text(typed, seconds) === undefined) || undefined}
      inputMode="numeric"
      autoComplete="off"
      placeholder={t(seconds ? 'ui.time.pattern_seconds' : 'ui.time.pattern')}
      value={typed ?? value}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={leave}
    />
  );
}
