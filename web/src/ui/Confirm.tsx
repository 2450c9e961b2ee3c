import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useT } from '../lib/lang';
import { Button, type ButtonProps } from './Button';

/** Asks in place, without a dialog; focus goes to the safe answer and back. */
export function ConfirmButton({
  question,
  yes,
  onConfirm,
  ...button
}: ButtonProps & {
  question: ReactNode;
  yes: string;
  onConfirm: () => void;
}) {
  const t = useT();
  const [asking, set_asking] = useState(false);
  const was_asking = useRef(false);
  const opener = useRef<HTMLButtonElement>(null);
  const no = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (asking) no.current?.focus();
    else if (was_asking.current) opener.current?.focus();
    was_asking.current = asking;
  }, [asking]);
  if (!asking) return <Button {...button} ref={opener} onClick={() => set_asking(true)} />;
  return (
    <span
      className="o-confirm"
      role="group"
      onKeyDown={(event) => {
        if (event.key === 'Escape') set_asking(false);
      }}
    >
      <span>{question}</span>
      <Button
        kind="danger"
        onClick={() => {
          set_asking(false);
          onConfirm();
        }}
      >
        {yes}
      </Button>
      <Button kind="ghost" ref={no} onClick={() => set_asking(false)}>
        {t('ui.cancel')}
      </Button>
    </span>
  );
}
