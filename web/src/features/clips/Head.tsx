// The head of a record: where, when, what kind, what is unusual.
import { Menu } from '@mantine/core';
import {
  IconArrowsHorizontal,
  IconChevronDown,
  IconChevronLeft,
  IconChevronUp,
  IconDots,
  IconDownload,
  IconLock,
  IconLink,
  IconRotate2,
  IconShare,
  IconUsers,
} from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useHolds } from '../../api/holds';
import type { Here } from '../../api/presence';
import type { ClipView, SignalRow } from '../../api/types';
import { more_words, text_of, useT } from '../../lib/lang';
import { button_name, clip_look, gap_look, kind_look, waits } from '../../lib/signal';
import { clock, day_short, exact } from '../../lib/times';
import { Button } from '../../ui/Button';
import { Badge, StateWord } from '../../ui/StateWord';
import { toast } from '../../ui/Toast';
import { useWithdraw } from './queries';

// Asked seldom: apart from the first page.
const AskSheet = lazy(() => import('../../ui/AskSheet'));
const RecutSheet = lazy(() => import('./RecutSheet'));
const HoldSheet = lazy(
  async () => (await Promise.all([import('../../ui/HoldSheet'), more_words()]))[0],
);
const LinkSheet = lazy(async () => (await Promise.all([import('./LinkSheet'), more_words()]))[0]);

/** Where the record stands in its list. */
export interface Walk {
  n: number;
  total: number;
  previous?: () => void;
  next?: () => void;
}

export function words_source_text(source: string | null): string | undefined {
  return source ? text_of(`ui.clip.words_${source}`) : undefined;
}

export function role_name(role: string, channel: number): string {
  return (
    text_of(`ui.clip.role.${role}`) ?? text_of('ui.clip.role.other', { n: channel + 1 }) ?? role
  );
}

function MoreMenu({
  clip,
  link,
  onWithdraw,
  onRecut,
  onShare,
  onHold,
}: {
  clip: ClipView;
  link: string;
  onWithdraw?: () => void;
  onRecut?: () => void;
  onShare?: () => void;
  onHold?: () => void;
}) {
  const t = useT();
  const tracks =
    clip.version?.state === 'live' || clip.erased_at ? [] : (clip.version?.tracks ?? []);
  const copy = () =>
    void navigator.clipboard
      .writeText(new URL(link, window.location.href).href)
      .then(() => toast({ text: t('ui.clip.copied') }));
  return (
    <Menu position="bottom-end" width="max-content">
      <Menu.Target>
        <Button kind="ghost" icon={IconDots} label={t('ui.more')} aria-haspopup="menu" />
      </Menu.Target>
      <Menu.Dropdown>
        {tracks.map((track) => (
          <Menu.Item
            key={track.channel}
            component="a"
            href={`${track.url}&download=1`}
            download
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            {tracks.length === 1
              ? t('ui.clip.download')
              : t('ui.clip.download_track', { name: role_name(track.role, track.channel) })}
          </Menu.Item>
        ))}
        {tracks.map((track) => (
          <Menu.Item
            key={`mp4 ${track.channel}`}
            component="a"
            href={`${track.url}&format=mp4&download=1`}
            download
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            {tracks.length === 1
              ? t('ui.clip.download_mp4')
              : t('ui.clip.download_mp4_track', { name: role_name(track.role, track.channel) })}
          </Menu.Item>
        ))}
        {onRecut && !clip.erased_at && (
          <Menu.Item leftSection={<IconArrowsHorizontal size={16} aria-hidden />} onClick={onRecut}>
            {t('ui.clip.recut')}
          </Menu.Item>
        )}
        {onShare && tracks.length > 0 && (
          <Menu.Item leftSection={<IconShare size={16} aria-hidden />} onClick={onShare}>
            {t('ui.clip.share')}
          </Menu.Item>
        )}
        {onHold && !clip.erased_at && (
          <Menu.Item leftSection={<IconLock size={16} aria-hidden />} onClick={onHold}>
            {t('ui.clip.hold')}
          </Menu.Item>
        )}
        {navigator.clipboard && (
          <Menu.Item leftSection={<IconLink size={16} aria-hidden />} onClick={copy}>
            {t('ui.clip.copy')}
          </Menu.Item>
        )}
        {onWithdraw && !clip.signal.undone && (
          <Menu.Item leftSection={<IconRotate2 size={16} aria-hidden />} onClick={onWithdraw}>
            {t('ui.clip.withdraw')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Hold({ clip, onClose }: { clip: ClipView; onClose: () => void }) {
  const t = useT();
  const holds = useHolds({ clip: clip.id }, () => {
    toast({ text: t('ui.clip.hold_made') });
    onClose();
  });
  return <HoldSheet {...holds} zone={clip.zone} onClose={onClose} />;
}

function More({ clip, link, looks_on }: { clip: ClipView; link: string; looks_on?: boolean }) {
  const t = useT();
  const [asking, set_asking] = useState(false);
  const [cutting, set_cutting] = useState(false);
  const [sharing, set_sharing] = useState(false);
  const [holding, set_holding] = useState(false);
  const withdraw = useWithdraw(clip.signal.id, () => set_asking(false));
  return (
    <>
      <MoreMenu
        clip={clip}
        link={link}
        onWithdraw={looks_on ? undefined : () => set_asking(true)}
        onRecut={looks_on ? undefined : () => set_cutting(true)}
        onShare={looks_on ? undefined : () => set_sharing(true)}
        onHold={looks_on ? undefined : () => set_holding(true)}
      />
      {holding && (
        <Suspense>
          <Hold clip={clip} onClose={() => set_holding(false)} />
        </Suspense>
      )}
      {sharing && (
        <Suspense>
          <LinkSheet clip={clip} onClose={() => set_sharing(false)} />
        </Suspense>
      )}
      {cutting && (
        <Suspense>
          <RecutSheet clip={clip} onClose={() => set_cutting(false)} />
        </Suspense>
      )}
      {asking && (
        <Suspense>
          <AskSheet
            title={t('ui.clip.withdraw')}
            question={t('ui.clip.withdraw_ask')}
            yes={t('ui.clip.withdraw')}
            busy={withdraw.isPending}
            onConfirm={() => withdraw.mutate()}
            onClose={() => set_asking(false)}
          />
        </Suspense>
      )}
    </>
  );
}

export function RecordHead({
  signal,
  clip,
  words_source,
  here = [],
  walk,
  onBack,
  link,
  looks_on,
}: {
  signal: SignalRow;
  clip?: ClipView;
  words_source?: string | null;
  here?: readonly Here[];
  walk?: Walk;
  onBack: () => void;
  link: string;
  looks_on?: boolean;
}) {
  const t = useT();
  const kind = kind_look(signal.kind);
  const state = clip_look(signal);
  const gap = waits(signal.clip_state) ? undefined : gap_look(signal.missing_ms);
  const source = words_source_text(words_source ?? null);
  return (
    <div className="o-rec-head">
      <span className="o-only-ph">
        <Button kind="ghost" icon={IconChevronLeft} label={t('ui.clip.back')} onClick={onBack} />
      </span>
      <div>
        <h1 title={exact(signal.at, signal.zone, signal.uncertainty_ms)}>
          <span>{signal.point_name}</span>
          <b>, {clock(signal.at, signal.zone)}</b>
        </h1>
        <div className="o-rec-sub">
          <StateWord icon={kind.icon} tone={kind.tone} small>
            {button_name(signal)}
          </StateWord>
          <span>{day_short(signal.at, signal.zone)}</span>
          {state && (
            <StateWord icon={state.icon} tone={state.tone} small>
              {state.text}
            </StateWord>
          )}
          {gap && signal.clip_state !== 'failed' && (
            <StateWord icon={gap.icon} tone={gap.tone} small>
              {gap.text}
            </StateWord>
          )}
          {here.length > 0 && (
            <StateWord icon={IconUsers} tone="amber" small>
              {t('ui.clip.here', {
                names: here
                  .map((one) =>
                    one.writing ? t('ui.clip.here_checks', { name: one.name }) : one.name,
                  )
                  .join(', '),
              })}
            </StateWord>
          )}
          {source && (
            <span className="o-hide-ph">
              {source} {words_source === 'engine' && <Badge>{t('ui.clip.auto')}</Badge>}
            </span>
          )}
        </div>
      </div>
      <span className="o-sp" />
      {walk && (
        <>
          <span className="o-3 o-s o-nw o-walk o-hide-ph">
            {t('ui.clip.position', { n: walk.n, total: walk.total })}
          </span>
          <Button
            kind="ghost"
            icon={IconChevronUp}
            label={t('ui.keys.previous')}
            disabled={!walk.previous}
            onClick={walk.previous}
          />
          <Button
            kind="ghost"
            icon={IconChevronDown}
            label={t('ui.keys.next')}
            disabled={!walk.next}
            onClick={walk.next}
          />
        </>
      )}
      {clip && <More clip={clip} link={link} looks_on={looks_on} />}
    </div>
  );
}
