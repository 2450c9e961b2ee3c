// Parts that every page of the settings is made of.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { list_file } from '../../api/call';
import { is_stale, refusal_of, why_of } from '../../api/refusal';
import { t as word, useT } from '../../lib/lang';
import { Button } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';
import { ExportButton } from '../../ui/ExportButton';
import { Form, FormError } from '../../ui/Form';
import { toast } from '../../ui/Toast';

/**
 * A change of the server. What it makes stale is asked again, also when the row was changed by
 * somebody else meanwhile: the person then sees the newer one and the refusal says so.
 */
export function useChange<In, Out>(
  run: (asked: In) => Promise<Out>,
  stale: readonly string[],
  done?: (out: Out) => void,
) {
  const client = useQueryClient();
  const again = () =>
    Promise.all(stale.map((kind) => client.invalidateQueries({ queryKey: [kind] })));
  const change = useMutation({
    mutationFn: run,
    onSuccess: async (out) => {
      await again();
      done?.(out);
    },
    onError: (error) => {
      if (is_stale(error)) void again();
    },
  });
  return { ...change, refused: refusal_of(change.error) };
}

export const said = (text: string) => () => void toast({ text });
export const complain = (error: unknown) =>
  void toast({
    tone: 'red',
    text: word('ui.inbox.not_moved', { why: refusal_of(error)?.title ?? '' }),
  });

export function Part({
  title,
  what,
  action,
  children,
}: {
  title: string;
  what?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="o-set-part" aria-label={title}>
      <div className="o-row o-set-head">
        <h2>{title}</h2>
        <span className="o-sp" />
        {action}
        {what && <p className="o-2 o-set-what">{what}</p>}
      </div>
      {children}
    </section>
  );
}

/** The list of a part as a file. */
export function ListExport({ path }: { path: string }) {
  return <ExportButton make={(format) => list_file(path, format)} why_of={why_of} />;
}

/** An editor in place: fields, the refusal, «Сохранить» and the way out. */
export function Editor({
  title,
  change,
  paths,
  save,
  onSubmit,
  onClose,
  children,
}: {
  title?: string;
  change: { isPending: boolean; refused: ReturnType<typeof refusal_of> };
  paths: readonly string[];
  save?: string;
  onSubmit: () => void;
  onClose?: () => void;
  children: ReactNode;
}) {
  const t = useT();
  return (
    <Form onSubmit={onSubmit} error={change.refused} className="o-set-editor o-fields">
      {title && <h3>{title}</h3>}
      {children}
      <FormError paths={paths} />
      <div className="o-row">
        <Button kind="primary" type="submit" busy={change.isPending}>
          {save ?? t('ui.set.save')}
        </Button>
        {onClose && (
          <Button kind="ghost" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
        )}
      </div>
    </Form>
  );
}

/** Something the server shows once: a password, a token. */
export function Secret({
  title,
  what,
  text,
  label,
  onClose,
  children,
}: {
  title: string;
  what: string;
  text: string;
  label: string;
  onClose: () => void;
  children?: ReactNode;
}) {
  const t = useT();
  return (
    <section className="o-secret" role="status" aria-label={title}>
      <h3>{title}</h3>
      <p className="o-amber">{what}</p>
      <div className="o-row">
        <code>{text}</code>
        <CopyButton text={text} label={label} />
      </div>
      {children}
      <div>
        <Button kind="ghost" onClick={onClose}>
          {t('ui.set.secret_kept')}
        </Button>
      </div>
    </section>
  );
}

/** Minutes as they are typed; the server counts milliseconds. */
export const ms_of = (value: string | number, unit_ms: number) =>
  Math.max(0, Math.round((Number(value) || 0) * unit_ms));
