import { Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { cx } from '../lib/cx';
import { MenuChoice } from './MenuChoice';

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
          <MenuChoice
            key={choice.value}
            on={choice.value === value}
            right={choice.count && <span className="o-3">{choice.count}</span>}
            onClick={() => onChange(choice.value)}
          >
            {choice.label}
          </MenuChoice>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
