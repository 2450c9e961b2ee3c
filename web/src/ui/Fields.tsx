// The less common fields, apart from Form.tsx so that the first page does not carry them.
import {
  Checkbox,
  NumberInput,
  Select,
  Switch,
  Textarea,
  type CheckboxProps,
  type NumberInputProps,
  type SelectProps,
  type SwitchProps,
  type TextareaProps,
} from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useRefusal, type Pathed } from './Form';

export function AreaField({ path, ...rest }: Pathed<TextareaProps>) {
  return <Textarea name={path} error={useRefusal(path)} autosize minRows={2} {...rest} />;
}
export function NumberField({ path, ...rest }: Pathed<NumberInputProps>) {
  return <NumberInput name={path} error={useRefusal(path)} hideControls {...rest} />;
}
export function SelectField({ path, ...rest }: Pathed<SelectProps>) {
  return (
    <Select
      name={path}
      error={useRefusal(path)}
      allowDeselect={false}
      checkIconPosition="right"
      rightSection={<IconChevronDown size={16} aria-hidden />}
      {...rest}
    />
  );
}
export function CheckField({ path, ...rest }: Pathed<CheckboxProps>) {
  return <Checkbox name={path} error={useRefusal(path)} {...rest} />;
}
export function SwitchField({ path, ...rest }: Pathed<SwitchProps>) {
  return <Switch name={path} error={useRefusal(path)} {...rest} />;
}
