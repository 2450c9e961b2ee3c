import { Tooltip } from '@mantine/core';
import type { ComponentType, ReactNode, Ref } from 'react';
import { Link } from 'react-router';
import { cx } from '../lib/cx';
import { Kbd } from './Kbd';

export type Icon = ComponentType<{ size?: number | string; 'aria-hidden'?: boolean | 'true' }>;

interface Look {
  kind?: 'primary' | 'plain' | 'ghost' | 'danger';
  icon?: Icon;
  /** Key cap shown inside; the key itself is bound with useHotkeys. */
  keys?: string;
  children?: ReactNode;
  /** For a button of one icon: its name for readers and the tooltip. */
  label?: string;
  className?: string;
  grow?: boolean;
}

export interface ButtonProps extends Look {
  onClick?: (event: React.MouseEvent<HTMLButtonElement>) => void;
  type?: 'button' | 'submit';
  busy?: boolean;
  disabled?: boolean;
  /** Why it cannot be pressed; stands in the tooltip, and the button stays reachable. */
  reason?: string;
  pressed?: boolean;
  ref?: Ref<HTMLButtonElement>;
  form?: string;
  'aria-haspopup'?: 'menu' | 'dialog';
  'aria-expanded'?: boolean;
}

function inside({ icon: Mark, children, keys }: Look, busy = false) {
  return (
    <>
      {busy ? (
        <span className="o-spin" aria-hidden="true" />
      ) : (
        Mark && <Mark size={16} aria-hidden />
      )}
      {children}
      {keys && <Kbd keys={keys} />}
    </>
  );
}

function look_of({ kind = 'plain', children, grow, className }: Look, off = false): string {
  return cx(
    'o-btn',
    `o-btn-${kind}`,
    children == null && 'o-btn-sq',
    grow && 'o-btn-grow',
    off && 'o-btn-off',
    className,
  );
}

export function Button(props: ButtonProps) {
  const { onClick, type = 'button', busy, disabled, reason, pressed, label, ref, form } = props;
  const off = Boolean(disabled || reason);
  const button = (
    <button
      ref={ref}
      type={type}
      form={form}
      className={look_of(props, off)}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      aria-pressed={pressed}
      aria-label={props.children == null ? label : undefined}
      aria-haspopup={props['aria-haspopup']}
      aria-expanded={props['aria-expanded']}
      onClick={(event) => {
        if (off || busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {inside(props, busy)}
    </button>
  );
  const tip = reason ?? (props.children == null ? label : undefined);
  return tip ? <Tooltip label={tip}>{button}</Tooltip> : button;
}

/** Looks like a button, goes somewhere. */
export function ButtonLink(props: Look & { to: string }) {
  const link = (
    <Link
      to={props.to}
      className={look_of(props)}
      aria-label={props.children == null ? props.label : undefined}
    >
      {inside(props)}
    </Link>
  );
  return props.children == null && props.label ? (
    <Tooltip label={props.label}>{link}</Tooltip>
  ) : (
    link
  );
}
