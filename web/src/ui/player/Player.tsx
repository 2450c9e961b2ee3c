// The one player: the wave above, the controls below; it stays in sight while words scroll.
import { Menu } from '@mantine/core';
import {
  IconAlertCircle,
  IconBookmark,
  IconDots,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipForward,
  IconRepeat,
  IconRewindBackward5,
  IconRewindForward5,
} from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { cx } from '../../lib/cx';
import { useT } from '../../lib/lang';
import { number } from '../../lib/numbers';
import { place } from '../../lib/times';
import { Button, type Icon } from '../Button';
import { useHotkeys } from '../hotkeys';
import { MenuChoice } from '../MenuChoice';
import { StateWord } from '../StateWord';
import { rates, type PlayerControl } from './engine';
import { usePlayerState } from './usePlayer';
import { Wave } from './Wave';
import type { Bookmark, Flag, Hole, Mark } from './WaveParts';

export interface PlayerProps {
  control: PlayerControl;
  /** Second of the record that reads 0 (the press); 0 for a call. */
  origin?: number;
  marks?: readonly Mark[];
  holes?: readonly Hole[];
  flags?: readonly Flag[];
  bookmarks?: readonly Bookmark[];
  /** Names of the tracks by id, for solo. */
  track_names?: Record<string, string>;
  /** The instant at a second, with its doubt: «12:04:03 ± 0,2 с». */
  instant_of?: (at: number) => string;
  /** In place of the clock when there is nothing to hear. */
  silent_text?: string;
  silent_range?: string;
  onBookmark?: (at: number) => void;
  label: string;
}

const none: readonly never[] = [];

/** Text that follows the place without rendering; written only when it changes. */
function Follow({
  control,
  text,
  className,
}: {
  control: PlayerControl;
  text: (at: number) => string;
  className: string;
}) {
  const held = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let last = '';
    return control.on_frame((at) => {
      const now = text(at);
      if (now === last || !held.current) return;
      held.current.textContent = now;
      last = now;
    });
  }, [control, text]);
  return <span ref={held} className={className} />;
}

function usePlayerKeys({ control, onBookmark }: PlayerProps): void {
  const t = useT();
  const group = t('ui.keys.player');
  useHotkeys(
    [
      { keys: 'Space', run: () => control.toggle(), help: t('ui.player.toggle'), group },
      { keys: 'ArrowLeft', run: () => control.step(-5), help: t('ui.player.back5'), group },
      { keys: 'ArrowRight', run: () => control.step(5), help: t('ui.player.ahead5'), group },
      { keys: 'Shift+ArrowLeft', run: () => control.step(-1), help: t('ui.player.back1'), group },
      { keys: 'Shift+ArrowRight', run: () => control.step(1), help: t('ui.player.ahead1'), group },
      { keys: 'Comma', run: () => control.slower(), help: t('ui.player.slower'), group },
      { keys: 'Period', run: () => control.faster(), help: t('ui.player.faster'), group },
      {
        keys: 'BracketLeft',
        run: () => control.loop_from(),
        help: t('ui.player.loop_from'),
        group,
      },
      { keys: 'BracketRight', run: () => control.loop_to(), help: t('ui.player.loop_to'), group },
      {
        keys: 'KeyB',
        run: () => onBookmark?.(control.at),
        enabled: Boolean(onBookmark),
        help: t('ui.player.bookmark'),
        group,
      },
    ],
    control.audible,
  );
}

function Rate({ control }: { control: PlayerControl }) {
  const t = useT();
  const { rate, level, step_back } = usePlayerState(control);
  const switches = [
    { on: level, word: t('ui.player.level'), flip: () => control.set_level(!level) },
    {
      on: step_back,
      word: t('ui.player.step_back'),
      flip: () => control.set_step_back(!step_back),
    },
  ];
  const text = (value: number) =>
    `${number(value, value % 1 === 0 ? 0 : value % 0.5 === 0 ? 1 : 2)}×`;
  return (
    <Menu position="top" width={256}>
      <Menu.Target>
        <button
          type="button"
          className="o-opt"
          aria-label={t('ui.player.speed_is', { speed: text(rate) })}
        >
          {text(rate)}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {rates.map((one) => (
          <MenuChoice key={one} on={one === rate} onClick={() => control.set_rate(one)}>
            {text(one)}
          </MenuChoice>
        ))}
        <Menu.Divider />
        {switches.map(({ on, word, flip }) => (
          <MenuChoice key={word} alone on={on} onClick={flip}>
            {word}
          </MenuChoice>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Option({
  icon: Mark,
  on,
  label,
  short,
  onClick,
  className,
}: {
  icon?: Icon;
  on: boolean;
  label: string;
  short?: boolean;
  onClick: () => void;
  className?: string;
}) {
  return (
    <button
      type="button"
      className={cx('o-opt', on && 'o-on', className)}
      aria-pressed={on}
      aria-label={short ? label : undefined}
      title={short ? label : undefined}
      onClick={onClick}
    >
      {Mark && <Mark size={16} aria-hidden />}
      {!short && label}
    </button>
  );
}

function Options({ control, track_names, onBookmark }: PlayerProps) {
  const t = useT();
  const { skip_silence, solo, loop } = usePlayerState(control);
  const two = control.tracks.length > 1;
  const solo_of = (id: string) => control.set_solo(solo === id ? null : id);
  const name = (id: string) => track_names?.[id] ?? id;
  return (
    <>
      <Rate control={control} />
      <Option
        className="o-hide-narrow"
        icon={IconPlayerSkipForward}
        on={skip_silence}
        short={two}
        label={t('ui.player.skip_silence')}
        onClick={() => control.set_skip_silence(!skip_silence)}
      />
      {two && (
        <span className="o-solo o-hide-narrow" role="group" aria-label={t('ui.player.solo')}>
          {control.tracks.map((track) => (
            <Option
              key={track.id}
              on={solo === track.id}
              label={name(track.id)}
              onClick={() => solo_of(track.id)}
            />
          ))}
        </span>
      )}
      {onBookmark && (
        <Button
          kind="ghost"
          className="o-hide-narrow o-opt-sq"
          icon={IconBookmark}
          label={t('ui.player.bookmark')}
          onClick={() => onBookmark(control.at)}
        />
      )}
      <Option
        icon={IconRepeat}
        on={loop !== null}
        short
        label={t(loop ? 'ui.player.loop_off' : 'ui.player.loop')}
        onClick={() => control.set_loop(loop ? null : around(control))}
      />
      <span className="o-only-narrow">
        <Menu position="top-end">
          <Menu.Target>
            <Button kind="ghost" icon={IconDots} label={t('ui.more')} aria-haspopup="menu" />
          </Menu.Target>
          <Menu.Dropdown>
            <MenuChoice
              alone
              on={skip_silence}
              onClick={() => control.set_skip_silence(!skip_silence)}
            >
              {t('ui.player.skip_silence')}
            </MenuChoice>
            {two &&
              control.tracks.map((track) => (
                <MenuChoice
                  key={track.id}
                  alone
                  on={solo === track.id}
                  onClick={() => solo_of(track.id)}
                >
                  {t('ui.player.solo_of', { name: name(track.id) })}
                </MenuChoice>
              ))}
            {onBookmark && (
              <Menu.Item
                leftSection={<IconBookmark size={16} />}
                onClick={() => onBookmark(control.at)}
              >
                {t('ui.player.bookmark')}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      </span>
    </>
  );
}

/** The button gives a short loop about the place; brackets set it exactly. */
function around(control: PlayerControl) {
  const from = Math.max(0, control.at - 3);
  return { from, to: Math.min(control.duration, from + 8) };
}

export function Player(props: PlayerProps) {
  const { control, origin = 0, instant_of, silent_text, silent_range } = props;
  const t = useT();
  const { playing, loading, failed } = usePlayerState(control);
  usePlayerKeys(props);
  const clock = useRef((at: number) => place(at, origin));
  clock.current = (at) => place(at, origin);
  const read_clock = useRef((at: number) => clock.current(at)).current;
  const audible = control.audible;
  const Mark = playing ? IconPlayerPauseFilled : IconPlayerPlayFilled;
  return (
    <section className="o-player" aria-label={t('ui.player.name')}>
      <Wave
        control={control}
        origin={origin}
        marks={props.marks ?? none}
        holes={props.holes ?? none}
        flags={props.flags ?? none}
        bookmarks={props.bookmarks ?? none}
        label={props.label}
      />
      <div className="o-ctl">
        <button
          type="button"
          className="o-play"
          disabled={!audible}
          aria-label={t(playing ? 'ui.player.pause' : 'ui.player.play')}
          aria-busy={loading || undefined}
          onClick={() => control.toggle()}
        >
          <Mark size={20} aria-hidden />
        </button>
        {audible ? (
          <>
            <Button
              kind="ghost"
              icon={Back5}
              label={t('ui.player.back5')}
              onClick={() => control.step(-5)}
            />
            <Button
              kind="ghost"
              icon={Ahead5}
              label={t('ui.player.ahead5')}
              onClick={() => control.step(5)}
            />
            <Follow key={origin} control={control} text={read_clock} className="o-clock" />
            {failed ? (
              <StateWord icon={IconAlertCircle} tone="red">
                {t('ui.player.failed')}
              </StateWord>
            ) : (
              instant_of && (
                <Follow control={control} text={instant_of} className="o-3 o-nw o-hide-ph" />
              )
            )}
            <span className="o-sp" />
            <Options {...props} />
          </>
        ) : (
          <>
            <span className="o-silent">{silent_text}</span>
            <span className="o-3 o-nw">{silent_range}</span>
          </>
        )}
      </div>
    </section>
  );
}

// 20 px, as all icons of the player.
function Back5() {
  return <IconRewindBackward5 size={20} aria-hidden />;
}
function Ahead5() {
  return <IconRewindForward5 size={20} aria-hidden />;
}
