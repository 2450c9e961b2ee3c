// Asks before what cannot be undone; the safe answer holds the focus.
import { Modal } from '@mantine/core';
import { useT } from '../lib/lang';
import { Button } from './Button';

export default function AskSheet({
  title,
  question,
  yes,
  busy,
  onConfirm,
  onClose,
}: {
  title: string;
  question: string;
  yes: string;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const t = useT();
  return (
    <Modal
      opened
      lockScroll={false}
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <p>{question}</p>
      <div className="o-row o-ask-do">
        <Button kind="ghost" onClick={onClose}>
          {t('ui.cancel')}
        </Button>
        <Button kind="danger" busy={busy} onClick={onConfirm}>
          {yes}
        </Button>
      </div>
    </Modal>
  );
}
