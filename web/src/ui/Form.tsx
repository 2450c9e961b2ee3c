// Fields of a form; a refusal of the server finds its field by path.
import {
  PasswordInput,
  TextInput,
  type PasswordInputProps,
  type TextInputProps,
} from '@mantine/core';
import {
  createContext,
  useContext,
  useEffect,
  useRef,
  type FormEvent,
  type ReactNode,
} from 'react';
import { RefusedLine } from './RefusedLine';
import type { Trouble } from './States';

export type Refusal = Trouble & { field?: string };
const Refused = createContext<Refusal | null>(null);

/** 'sections[0].items[2].text' and 'sections.0.items.2.text' name one field. */
export function same_path(a: string, b: string): boolean {
  const plain = (path: string) =>
    path
      .replace(/^[/.$]+/, '')
      .replace(/\[(\d+)\]/g, '.$1')
      .replace(/\//g, '.');
  return plain(a) === plain(b);
}

function words(refusal: Refusal): string {
  return refusal.detail ?? refusal.title;
}

/**
 * Whether a field of `within` holds what means nothing: it is not sent as what stood there before,
 * and the field says why.
 */
export function held_by_wrong(within: ParentNode | null | undefined): boolean {
  const wrong = within?.querySelector<HTMLElement>('[data-wrong]');
  wrong?.blur(); // the field says why once it is left
  wrong?.focus();
  return Boolean(wrong);
}

export function Form({
  onSubmit,
  error,
  children,
  className,
  id,
}: {
  onSubmit: () => void;
  error?: Refusal | null;
  children: ReactNode;
  className?: string;
  id?: string;
}) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error?.field) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  return (
    <form
      ref={form}
      id={id}
      noValidate
      className={className}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (!held_by_wrong(form.current)) onSubmit();
      }}
    >
      <Refused.Provider value={error ?? null}>{children}</Refused.Provider>
    </form>
  );
}

export function useRefusal(path: string): string | undefined {
  const refusal = useContext(Refused);
  return refusal?.field && same_path(refusal.field, path) ? words(refusal) : undefined;
}

/** The refusal that no shown field owns; stands above the buttons. */
export function FormError({ paths = [] }: { paths?: readonly string[] }) {
  const refusal = useContext(Refused);
  if (!refusal || paths.some((path) => refusal.field && same_path(refusal.field, path)))
    return null;
  return <RefusedLine said={refusal} />;
}

export type Pathed<P> = P & { path: string };

export function TextField({ path, ...rest }: Pathed<TextInputProps>) {
  return <TextInput name={path} error={useRefusal(path)} {...rest} />;
}
export function PasswordField({ path, ...rest }: Pathed<PasswordInputProps>) {
  return <PasswordInput name={path} error={useRefusal(path)} {...rest} />;
}
