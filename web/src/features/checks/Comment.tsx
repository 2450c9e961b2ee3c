// The words to an answer, and the other text where two were written.
import { useEffect, useRef } from 'react';
import type { FormItem } from '../../api/types';
import { useT } from '../../lib/lang';
import { clock } from '../../lib/times';
import { Button } from '../../ui/Button';
import { answer_label } from './sheet';
import { template_of_key, Templates, useTemplates, with_template } from './Templates';
import type { Aside } from './unsent';

const browser_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Two texts of one answer: the newer stands, the other is here until it is let go. */
export function OtherText({
  item,
  aside,
  onTake,
  onLetGo,
}: {
  item: FormItem;
  aside: Aside;
  onTake?: () => void;
  onLetGo: () => void;
}) {
  const t = useT();
  const said = [aside.answer && answer_label(item, aside.answer), aside.comment];
  const time = clock(aside.at, browser_zone);
  return (
    <div className="o-aside" role="note">
      <p className="o-s">
        {t(aside.own ? 'ui.check.aside_own' : 'ui.check.aside_other', { time })}{' '}
        <q>{said.filter(Boolean).join(', ')}</q>
      </p>
      <span className="o-row">
        {onTake && <Button onClick={onTake}>{t('ui.check.aside_take')}</Button>}
        <Button kind="ghost" onClick={onLetGo}>
          {t('ui.check.aside_let_go')}
        </Button>
      </span>
    </div>
  );
}

export interface CommentProps {
  form: string;
  item: string;
  value: string;
  /** The cursor belongs here. */
  focused: boolean;
  onChange: (text: string) => void;
  /** Enter: written; the next question. */
  onDone: () => void;
  /** Esc: back to the question. */
  onLeave: () => void;
}
export function Comment(props: CommentProps) {
  const { value, focused, onChange, onDone, onLeave } = props;
  const t = useT();
  const templates = useTemplates(props.form, props.item);
  const put = (ready: string) => onChange(with_template(value, ready));
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (!focused || !area.current) return;
    area.current.focus();
    area.current.setSelectionRange(area.current.value.length, area.current.value.length);
  }, [focused]);
  useEffect(() => {
    // What comes above it (a mark, an answer) may not push it out of sight.
    if (focused) area.current?.scrollIntoView({ block: 'nearest' });
  });
  return (
    <>
      <textarea
        ref={area}
        className="o-area"
        aria-label={t('ui.check.comment')}
        placeholder={t('ui.check.comment_keys')}
        value={value}
        rows={2}
        maxLength={2000}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Escape') return onLeave();
          const ready = template_of_key(templates, event);
          if (ready) {
            event.preventDefault();
            return put(ready.text);
          }
          const plain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
          if (event.key !== 'Enter' || !plain) return;
          event.preventDefault();
          onDone();
        }}
      />
      {focused && (
        <Templates
          form={props.form}
          item={props.item}
          templates={templates}
          text={value}
          onPut={put}
        />
      )}
    </>
  );
}
