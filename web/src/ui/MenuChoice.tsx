import { Menu } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ComponentProps, ReactNode } from 'react';

// Mantine calls every item a plain «menuitem», where being checked means nothing to a reader of
// the screen: the button says itself what it is.
const OneOf = (props: ComponentProps<'button'>) => <button {...props} role="menuitemradio" />;
const OnOff = (props: ComponentProps<'button'>) => <button {...props} role="menuitemcheckbox" />;

/** A choice in a menu: one of several, or a switch of its own. */
export function MenuChoice({
  on,
  alone = false,
  lang,
  right,
  onClick,
  children,
}: {
  on: boolean;
  alone?: boolean;
  lang?: string;
  right?: ReactNode;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Menu.Item
      component={alone ? OnOff : OneOf}
      aria-checked={on}
      lang={lang}
      leftSection={on ? <IconCheck size={16} aria-hidden /> : <span className="o-check-room" />}
      rightSection={right}
      onClick={onClick}
    >
      {children}
    </Menu.Item>
  );
}
