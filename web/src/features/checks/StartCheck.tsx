// «Проверить»: starts at once when there is one form, asks which when there are several.
// Only forms for signals are offered; why staff forms are not is one click away.
import { Popover } from '@mantine/core';
import { IconChevronUp } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useT } from '../../lib/lang';
import { Button } from '../../ui/Button';
import { useHotkeys } from '../../ui/hotkeys';
import './checks.css';
import { useStart } from './queries';

interface Offer {
  id: string;
  name: string;
}
export interface StartCheckProps {
  clip_id?: string;
  draw_id?: string;
  forms: readonly Offer[];
  /** The form for signals of this kind: begun at once, others by the arrow beside. */
  proposed?: string | null;
  /** The reader's open draft on this clip. */
  draft?: string;
  /** Checks the reader has finished here, by the name of their form: a second is refused. */
  done?: Readonly<Record<string, string>>;
  /** Why there is nothing to start; stands beside the button. */
  reason?: string;
  onOpen: (check: string) => void;
  draw_link?: string;
}

function Why({ draw_link }: { draw_link: string }) {
  const t = useT();
  const [open, set_open] = useState(false);
  return (
    <div className="o-start-why">
      <button type="button" className="o-link" aria-expanded={open} onClick={() => set_open(!open)}>
        {t('ui.check.why_not_staff')}
      </button>
      {open && (
        <>
          <p className="o-2">{t('ui.check.why_not_staff_text')}</p>
          <Link to={draw_link} className="o-link">
            {t('ui.check.to_draw')}
          </Link>
        </>
      )}
    </div>
  );
}

export function StartCheck(props: StartCheckProps) {
  const { clip_id, draw_id, forms, proposed, draft, done, reason, onOpen, draw_link } = props;
  const t = useT();
  const [asking, set_asking] = useState(false);
  const start = useStart(onOpen);
  const choose = (form: Offer) => {
    set_asking(false);
    const finished = done?.[form.name];
    if (finished) return onOpen(finished);
    start.mutate({ form_id: form.id, ...(clip_id ? { clip_id } : { draw_id }) });
  };
  const first = forms.find((form) => form.id === proposed && !done?.[form.name]);
  const press = () => {
    if (reason || start.isPending) return;
    if (draft) onOpen(draft);
    else if (first) choose(first);
    else set_asking(!asking);
  };
  useHotkeys([
    { keys: 'Enter', run: press, help: t('ui.inbox.key_check'), group: t('ui.keys.list') },
    ...forms.slice(0, 9).map((form, i) => ({
      keys: `Digit${i + 1}`,
      run: () => choose(form),
      enabled: asking,
    })),
  ]);
  const title = clip_id ? t('ui.check.choose') : t('ui.check.choose_standard');
  return (
    <Popover
      opened={asking}
      onChange={set_asking}
      position="top-start"
      width={360}
      trapFocus
      returnFocus
      withinPortal
      withRoles={false}
    >
      <Popover.Target>
        <Button
          kind="primary"
          keys="Enter"
          reason={reason}
          busy={start.isPending}
          aria-haspopup={draft || first ? undefined : 'dialog'}
          aria-expanded={asking}
          onClick={press}
        >
          {t(draft ? 'ui.check.open_draft' : 'ui.check.start')}
        </Button>
      </Popover.Target>
      {first && !draft && !reason && (
        <Button
          kind="ghost"
          icon={IconChevronUp}
          label={t('ui.check.other_form', { name: first.name })}
          aria-haspopup="dialog"
          aria-expanded={asking}
          onClick={() => set_asking(!asking)}
        />
      )}
      <Popover.Dropdown role="dialog" aria-label={title}>
        <div className="o-start">
          <h2>{title}</h2>
          {forms.length === 0 && (
            <p className="o-2">{t(clip_id ? 'ui.check.no_forms' : 'ui.check.no_standard')}</p>
          )}
          {forms.map((form, i) => (
            <Button
              key={form.id}
              keys={i < 9 ? `Digit${i + 1}` : undefined}
              onClick={() => choose(form)}
            >
              <span className="o-cut">{form.name}</span>
              {done?.[form.name] && <span className="o-3">{t('ui.check.done_already')}</span>}
            </Button>
          ))}
          {draw_link && <Why draw_link={draw_link} />}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
