// Other borders of a clip: so many seconds before and after the press. The cuts before stay.
import { Modal, NumberInput } from '@mantine/core';
import { useState } from 'react';
import type { ClipView } from '../../api/types';
import { useT } from '../../lib/lang';
import { Button } from '../../ui/Button';
import { useRecut } from './queries';

const most_before_s = 120;
const most_after_s = 180;
const seconds = (from: string, to: string) =>
  Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));

export default function RecutSheet({ clip, onClose }: { clip: ClipView; onClose: () => void }) {
  const t = useT();
  const had_before = seconds(clip.asked_begin_at, clip.signal.at);
  const had_after = seconds(clip.signal.at, clip.asked_end_at);
  const [before, set_before] = useState<number | string>(had_before);
  const [after, set_after] = useState<number | string>(had_after);
  const recut = useRecut(clip.id, onClose);
  const field = { allowDecimal: false, allowNegative: false, clampBehavior: 'blur' as const };
  return (
    <Modal
      opened
      lockScroll={false}
      onClose={onClose}
      title={t('ui.clip.recut')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          recut.mutate({ before_ms: Number(before) * 1000, after_ms: Number(after) * 1000 });
        }}
      >
        <p className="o-2">{t('ui.clip.recut_what')}</p>
        <div className="o-row">
          <NumberInput
            {...field}
            label={t('ui.clip.recut_before')}
            value={before}
            onChange={set_before}
            min={0}
            max={Math.max(most_before_s, had_before)}
          />
          <NumberInput
            {...field}
            label={t('ui.clip.recut_after')}
            value={after}
            onChange={set_after}
            min={1}
            max={Math.max(most_after_s, had_after)}
          />
        </div>
        <div className="o-row o-ask-do">
          <Button kind="ghost" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button kind="primary" type="submit" busy={recut.isPending}>
            {t('ui.clip.recut_do')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
