import { Menu } from '@mantine/core';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';
import { cx } from '../lib/cx';

export interface Choice<V extends string> {
  value: V;
  label: string;
  count?: string;
}

/** «Точка: все ˅»: a name, the value in force, a menu of choices. */
export function Filter<V extends string>({
  name,
  value,
  choices,
  onChange,
  className,
}: {
  name: string;
  value: V;
  choices: readonly Choice<V>[];
  onChange: (value: V) => void;
  className?: string;
}) {
  const chosen = choices.find((choice) => choice.value === value);
  return (
    <Menu position="bottom-start" width="max-content">
      <Menu.Target>
        <button type="button" className={cx('o-filter', className)}>
          {name}: <b>{chosen?.label ?? value}</b>
          <IconChevronDown size={16} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown className="o-filter-drop">
        {choices.map((choice) => (
          <Menu.Item
            key={choice.value}
            role="menuitemradio"
            aria-checked={choice.value === value}
            leftSection={
              choice.value === value ? (
                <IconCheck size={16} aria-hidden />
              ) : (
                <span className="o-check-room" />
              )
            }
            rightSection={choice.count && <span className="o-3">{choice.count}</span>}
            onClick={() => onChange(choice.value)}
          >
            {choice.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
