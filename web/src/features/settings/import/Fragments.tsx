// The fragments of an imported press log: a folder of sound files finds its presses; what fits none
// and what has none is named.
import { IconFolder } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { why_of } from '../../../api/refusal';
import { cx } from '../../../lib/cx';
import { chosen_files, dropped_files } from '../../../lib/dropped';
import { useT } from '../../../lib/lang';
import { number } from '../../../lib/numbers';
import { clock, day_short } from '../../../lib/times';
import { Button } from '../../../ui/Button';
import { NumberField, SelectField } from '../../../ui/Fields';
import { Loaded } from '../../../ui/Loaded';
import { match_files, send_all, type Fragment, type Named } from './send_fragments';
import { useWithoutFragment } from './queries';

const settle_ms = 120_000; // a busy server has other work before it

interface Failed {
  path: string;
  why: string;
}

function Missing({ id, coming }: { id: string; coming: boolean }) {
  const t = useT();
  const presses = useWithoutFragment(id, coming);
  return (
    <Loaded asking={presses} title={t('ui.set.failed')}>
      {(data) => {
        const all = data.pages[0];
        const items = data.pages.flatMap((page) => page.items);
        if (!all) return null;
        const left = all.presses - all.with_fragment;
        return (
          <>
            <p role="status">
              {t('ui.import.frag.have', {
                n: number(all.with_fragment),
                all: number(all.presses),
              })}
            </p>
            {left > 0 && (
              <details className="o-import-match">
                <summary>{t('ui.import.frag.missing', { n: number(left) })}</summary>
                <ul className="o-import-rows o-import-presses">
                  {items.map((one) => (
                    <li key={one.signal_id}>
                      <span className="o-3 o-nw">
                        {day_short(one.pressed_at, one.zone)}, {clock(one.pressed_at, one.zone)}
                      </span>
                      <span className="o-import-row">
                        <span className="o-m">{one.point_name}</span>
                        {one.file_named && (
                          <span className="o-2">
                            {t('ui.import.frag.expected', { file: one.file_named })}
                          </span>
                        )}
                      </span>
                    </li>
                  ))}
                </ul>
                {presses.hasNextPage && (
                  <Button
                    busy={presses.isFetchingNextPage}
                    onClick={() => void presses.fetchNextPage()}
                  >
                    {t('ui.import.more')}
                  </Button>
                )}
              </details>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function NamedFiles({ title, items, open }: { title: string; items: Failed[]; open?: boolean }) {
  if (items.length === 0) return null;
  return (
    <details className="o-import-match" open={open}>
      <summary>{title}</summary>
      <ul className="o-import-rows o-import-files">
        {items.map((one) => (
          <li key={one.path}>
            <span className="o-m">{one.path}</span>
            <span className="o-red">{one.why}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Folder({ busy, onFiles }: { busy: boolean; onFiles: (files: File[]) => void }) {
  const t = useT();
  const folder = useRef<HTMLInputElement>(null);
  const [over, set_over] = useState(false);
  return (
    <div
      className={cx('o-import-drop', over && 'o-on')}
      onDragOver={(event) => {
        event.preventDefault();
        set_over(true);
      }}
      onDragLeave={() => set_over(false)}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        set_over(false);
        void dropped_files(event.dataTransfer).then(({ files }) => onFiles(files));
      }}
    >
      <input
        ref={folder}
        type="file"
        className="o-vh"
        tabIndex={-1}
        aria-label={t('ui.import.frag.choose')}
        {...{ webkitdirectory: '' }}
        onChange={(event) => {
          onFiles(chosen_files(event.currentTarget.files ?? []).files);
          event.currentTarget.value = '';
        }}
      />
      <IconFolder size={20} aria-hidden />
      <span>{t('ui.import.frag.drop')}</span>
      <Button busy={busy} onClick={() => folder.current?.click()}>
        {t('ui.import.frag.choose')}
      </Button>
    </div>
  );
}

/** What was found, and sending it. */
function useFragments(id: string) {
  const client = useQueryClient();
  const [files, set_files] = useState<File[]>();
  const [found, set_found] = useState<Fragment[]>();
  const [before_s, set_before] = useState(60);
  const [named, set_named] = useState<Named>('begin');
  const [busy, set_busy] = useState(false);
  const [why, set_why] = useState('');
  const [done, set_done] = useState(0);
  const [failed, set_failed] = useState<Failed[]>([]);
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const newest = useRef(0);
  const before_it = useRef(Promise.resolve());
  // One after the other, and only the newest wish: the server keeps the begins that it answered
  // last, and a file is known by its begin when it comes.
  const look = (asked: File[], before: number, as: Named) => {
    newest.current += 1;
    const mine = newest.current;
    set_busy(true);
    set_why('');
    before_it.current = before_it.current.then(async () => {
      if (mine !== newest.current) return;
      try {
        set_found(await match_files(id, asked, before, as));
      } catch (error) {
        set_why(why_of(error));
      }
      if (mine === newest.current) set_busy(false);
    });
  };
  const send = async (fits: Fragment[]) => {
    stop.current = new AbortController();
    set_busy(true);
    set_done(0);
    set_failed([]);
    await send_all(
      fits,
      ({ match }, reason) => {
        set_done((n) => n + 1);
        if (reason) set_failed((list) => [...list, { path: match.path, why: reason }]);
      },
      stop.current.signal,
    );
    set_busy(false);
    set_found(undefined);
    set_files(undefined);
    // The last ones become fragments a moment after they are recordings.
    setTimeout(() => set_done(0), settle_ms);
    for (const kind of ['import', 'recording', 'signal', 'clip'])
      void client.invalidateQueries({ queryKey: [kind] });
  };
  return {
    files,
    found,
    before_s,
    named,
    busy,
    why,
    done,
    failed,
    send,
    take: (list: File[]) => {
      set_files(list);
      look(list, before_s, named);
    },
    put_before: (seconds: number) => {
      set_before(seconds);
      if (files) look(files, seconds, named);
    },
    put_named: (as: Named) => {
      set_named(as);
      if (files) look(files, before_s, as);
    },
  };
}

const told = (list: Fragment[]): Failed[] =>
  list.map(({ match }) => ({ path: match.path, why: match.reason ?? '' }));

export function Fragments({ id }: { id: string }) {
  const t = useT();
  const all = useFragments(id);
  const fits = all.found?.filter(({ match }) => match.code === null) ?? [];
  const there = all.found?.filter(({ match }) => match.code === 'fragment.there') ?? [];
  const strangers =
    all.found?.filter(({ match }) => match.code !== null && match.code !== 'fragment.there') ?? [];
  const sending = all.busy && all.done > 0;
  return (
    <section aria-label={t('ui.import.frag.title')} className="o-import-frags">
      <h3>{t('ui.import.frag.title')}</h3>
      <p className="o-2">{t('ui.import.frag.what')}</p>
      <Missing id={id} coming={all.busy || all.done > 0} />
      <div className="o-fields o-import-frag">
        <NumberField
          path="before_s"
          label={t('ui.import.frag.before')}
          value={all.before_s}
          min={0}
          max={600}
          allowDecimal={false}
          onChange={(value) => all.put_before(Math.min(Number(value) || 0, 600))}
        />
        <SelectField
          path="named"
          label={t('ui.import.frag.named')}
          value={all.named}
          data={(['begin', 'press'] as const).map((value) => ({
            value,
            label: t(`ui.import.frag.named_as.${value}`),
          }))}
          onChange={(value) => all.put_named(value as Named)}
        />
      </div>
      <Folder busy={all.busy} onFiles={all.take} />
      {all.why && (
        <p role="alert" className="o-red">
          {all.why}
        </p>
      )}
      {all.files?.length === 0 && <p className="o-amber">{t('ui.import.frag.none')}</p>}
      {all.found && (
        <p role="status">
          {t('ui.import.frag.fits', { n: number(fits.length) })}
          {there.length > 0 && `. ${t('ui.import.frag.there', { n: number(there.length) })}`}
        </p>
      )}
      <NamedFiles
        open
        title={t('ui.import.frag.stranger', { n: number(strangers.length) })}
        items={told(strangers)}
      />
      <NamedFiles
        open
        title={t('ui.import.frag.failed', { n: number(all.failed.length) })}
        items={all.failed}
      />
      {sending && (
        <p role="status" className="o-2">
          {t('ui.import.frag.sending', { done: number(all.done), all: number(fits.length) })}
        </p>
      )}
      {fits.length > 0 && (
        <Button kind="primary" busy={all.busy} onClick={() => void all.send(fits)}>
          {t('ui.import.frag.send', { n: fits.length })}
        </Button>
      )}
    </section>
  );
}
