// Beside a drawn interval: how it is drawn, and the start of its check.
import { lazy, Suspense } from 'react';
import { useNavigate } from 'react-router';
import type { DrawView } from '../api/types';
import { useForms } from '../features/checks/queries';
import { StartCheck } from '../features/checks/StartCheck';
import { useT } from '../lib/lang';
import { Button } from '../ui/Button';
import { paths } from './paths';

// What the inbox does not show comes when it is asked for.
const DrawForm = lazy(async () => ({
  default: (await import('../features/checks/DrawForm')).DrawForm,
}));

export function DrawSide({ draw, onClose }: { draw?: DrawView; onClose: () => void }) {
  const t = useT();
  const go = useNavigate();
  return (
    <section className="o-side" aria-label={t('ui.draw.title')}>
      <div className="o-side-head o-check-head">
        <div className="o-row">
          <h1>{t('ui.draw.title')}</h1>
          <span className="o-sp" />
          <Button kind="ghost" onClick={onClose}>
            {t('ui.place.checks')}
          </Button>
        </div>
      </div>
      <div className="o-scroll o-draw-side">
        <p className="o-2">{t('ui.draw.what')}</p>
        <Suspense>
          <DrawForm again={Boolean(draw)} onDrawn={(id) => void go(paths.draw(id))} />
        </Suspense>
      </div>
    </section>
  );
}

export function DrawActions({ draw, onOpen }: { draw: DrawView; onOpen: (check: string) => void }) {
  const forms = useForms('standard').data?.items ?? [];
  return (
    <div className="o-bar">
      <StartCheck draw_id={draw.id} forms={forms} onOpen={onOpen} />
    </div>
  );
}
