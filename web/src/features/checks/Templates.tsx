// Ready comments to the open question: put in by a key, kept and taken away in place.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconX } from '@tabler/icons-react';
import { get, id_part, send } from '../../api/call';
import type { Given } from '../../api/types';
import { useT } from '../../lib/lang';
import { Button } from '../../ui/Button';
import { Kbd } from '../../ui/Kbd';
import { toast } from '../../ui/Toast';
import { complain } from './queries';

export type Template = Given<'TemplateView'>;
const keys_max = 9;

export function useTemplates(form: string, item: string): Template[] {
  const all = useQuery({
    queryKey: ['template', form],
    queryFn: () => get<{ items: Template[] }>(`/forms/${id_part(form)}/templates`),
    staleTime: 5 * 60_000,
  });
  return (all.data?.items ?? []).filter((one) => one.item === item);
}

/** The text with a ready comment put at its end. */
export function with_template(text: string, ready: string): string {
  const before = text.trimEnd();
  return before ? `${before}${/[.!?…]$/.test(before) ? ' ' : '. '}${ready}` : ready;
}

/** The template of a pressed key: Alt and its number. */
export function template_of_key(
  templates: readonly Template[],
  event: { altKey: boolean; ctrlKey: boolean; metaKey: boolean; code: string },
): Template | undefined {
  if (!event.altKey || event.ctrlKey || event.metaKey) return undefined;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  return digit ? templates[Number(digit) - 1] : undefined;
}

export function Templates({
  form,
  item,
  templates,
  text,
  onPut,
}: {
  form: string;
  item: string;
  templates: readonly Template[];
  text: string;
  onPut: (ready: string) => void;
}) {
  const t = useT();
  const client = useQueryClient();
  const again = () => client.invalidateQueries({ queryKey: ['template', form] });
  const add = useMutation({
    mutationFn: (ready: string) =>
      send('post', `/forms/${id_part(form)}/templates`, { item, text: ready, shared: false }),
    onSuccess: () => toast({ text: t('ui.check.template_kept') }),
    onError: complain,
    onSettled: again,
  });
  const back = useMutation({
    mutationFn: (id: string) =>
      send('post', `/forms/${id_part(form)}/templates/${id_part(id)}/restore`),
    onError: complain,
    onSettled: again,
  });
  const remove = useMutation({
    mutationFn: (id: string) => send('delete', `/forms/${id_part(form)}/templates/${id_part(id)}`),
    onSuccess: (_, id) => toast({ text: t('ui.check.template_gone'), undo: () => back.mutate(id) }),
    onError: complain,
    onSettled: again,
  });
  const ready = text.trim();
  const known = templates.some((one) => one.text === ready);
  return (
    <div className="o-ready">
      {templates.map((one, i) => (
        <span key={one.id} className="o-ready-one">
          <button
            type="button"
            className="o-btn o-btn-ghost"
            title={one.text}
            // The cursor stays in the comment.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPut(one.text)}
          >
            <span className="o-cut">{one.text}</span>
            {i < keys_max && <Kbd keys={`Alt+Digit${i + 1}`} />}
          </button>
          {!one.shared && (
            <Button
              kind="ghost"
              icon={IconX}
              label={t('ui.check.template_remove')}
              onClick={() => remove.mutate(one.id)}
            />
          )}
        </span>
      ))}
      {ready && !known && (
        <button type="button" className="o-link o-s" onClick={() => add.mutate(ready)}>
          {t('ui.check.template_keep')}
        </button>
      )}
    </div>
  );
}
