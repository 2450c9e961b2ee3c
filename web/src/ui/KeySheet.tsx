import { Modal } from '@mantine/core';
import { useT } from '../lib/lang';
import { useKeyList } from './hotkeys';
import { Kbd } from './Kbd';

export default function KeySheet({ onClose }: { onClose: () => void }) {
  const t = useT();
  const keys = useKeyList();
  const group_of = (group?: string) => group ?? t('ui.keys.page');
  const groups = [...new Set(keys.map((key) => group_of(key.group)))];
  return (
    <Modal
      opened
      lockScroll={false}
      onClose={onClose}
      title={t('ui.keys.title')}
      size={640}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      {keys.length === 0 && <p className="o-2">{t('ui.keys.none')}</p>}
      <div className="o-keyhelp">
        {groups.map((group) => (
          <section key={group}>
            <h2>{group}</h2>
            <dl>
              {keys
                .filter((key) => group_of(key.group) === group)
                .map((key) => (
                  <div key={key.keys}>
                    <dt>
                      <Kbd keys={key.keys} />
                    </dt>
                    <dd>{key.help}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
