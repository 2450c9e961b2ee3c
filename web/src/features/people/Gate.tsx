// The frame of pages that stand before the desk: sign-in, password, first run.
import type { ReactNode } from 'react';
import { set_lang, useLang, useT, type Lang } from '../../lib/lang';

function LangSwitch() {
  const t = useT();
  const other: Lang = useLang() === 'ru' ? 'en' : 'ru';
  return (
    <button type="button" className="o-link o-s" lang={other} onClick={() => void set_lang(other)}>
      {t(other === 'en' ? 'ui.lang.en' : 'ui.lang.ru')}
    </button>
  );
}

export function Gate({
  title,
  what,
  note,
  wide,
  children,
}: {
  title: string;
  what: ReactNode;
  note?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  return (
    <main className="o-sign">
      <div className={wide ? 'o-sign-card o-sign-wide' : 'o-sign-card'}>
        <div className="o-row">
          <h1>{title}</h1>
          <span className="o-sp" />
          <LangSwitch />
        </div>
        <p className="o-2">{what}</p>
        {children}
      </div>
      {note && <p className="o-sign-note">{note}</p>}
    </main>
  );
}
