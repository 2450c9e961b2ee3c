// Pages and parts that have nothing to show: not yet, not at all, or not now.
import { IconAlertCircle, IconCloudOff } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useT } from '../lib/lang';
import { Button, type Icon } from './Button';

function State({
  icon: Mark,
  tone,
  title,
  children,
  actions,
}: {
  icon: Icon;
  tone: string;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="o-nothing">
      <div>
        <span className={tone}>
          <Mark size={20} aria-hidden />
        </span>
        <h1>{title}</h1>
        {children}
        {actions && <div className="o-nothing-do">{actions}</div>}
      </div>
    </div>
  );
}

/** What will be here, why it is not yet, the one thing to do next. */
export function EmptyState({
  icon,
  title,
  what,
  why,
  action,
}: {
  icon: Icon;
  title: string;
  what?: ReactNode;
  why?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <State icon={icon} tone="o-3" title={title} actions={action}>
      {what && <p>{what}</p>}
      {why && <p>{why}</p>}
    </State>
  );
}

/** What the server or the network says; made from problem+json by its shape alone. */
export interface Trouble {
  status?: number;
  title: string;
  detail?: string;
  code?: string;
}

/** What happened, why, what to do. */
export function ErrorState({
  title,
  error,
  onRetry,
  children,
}: {
  /** What did not happen: «Список не загружен». */
  title: string;
  error: Trouble;
  onRetry?: () => void;
  /** Another way out beside «Повторить». */
  children?: ReactNode;
}) {
  const t = useT();
  const offline = error.status === 0;
  const late = error.code === 'no_answer_in_time';
  return (
    <div role="alert" className="o-nothing-box">
      <State
        icon={offline ? IconCloudOff : IconAlertCircle}
        tone="o-red"
        title={title}
        actions={
          (onRetry || children) && (
            <>
              {onRetry && (
                <Button kind="primary" onClick={onRetry}>
                  {t('ui.error.retry')}
                </Button>
              )}
              {children}
            </>
          )
        }
      >
        <p>{offline ? t(late ? 'ui.error.late' : 'ui.error.offline') : error.title}</p>
        {offline ? <p>{t('ui.error.offline_do')}</p> : error.detail && <p>{error.detail}</p>}
      </State>
    </div>
  );
}

/** Grey blocks of the right size, and only after 300 ms: quick answers never flicker. */
export function Skeleton({ rows = 6, height = 52 }: { rows?: number; height?: number }) {
  const t = useT();
  const [late, set_late] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => set_late(true), 300);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return <div aria-busy="true" />;
  return (
    <div aria-busy="true" role="status">
      <span className="o-vh">{t('ui.loading')}</span>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className="o-skel-row" style={{ height }}>
          <i style={{ width: `${64 - ((i * 17) % 30)}%` }} />
          {height >= 48 && <i className="o-skel-2" style={{ width: `${34 - ((i * 11) % 16)}%` }} />}
        </div>
      ))}
    </div>
  );
}
