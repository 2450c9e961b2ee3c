// Only for builders of the desk (npm run dev, /playground?view=…): the parts with made-up data.
import {
  IconBulb,
  IconChevronDown,
  IconChevronLeft,
  IconChevronUp,
  IconClockPause,
  IconDots,
  IconHourglass,
  IconInbox,
  IconAdjustmentsHorizontal,
  IconListCheck,
  IconMessage,
  IconMicrophoneOff,
  IconThumbDown,
  IconThumbUp,
  IconUnlink,
} from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { NotFoundPage } from '../app/NotFoundPage';
import { HeldSession } from '../app/session';
import { Shell } from '../app/Shell';
import { SignalRow, type SignalRowProps } from '../features/inbox/SignalRow';
import { SignInPage } from '../features/people/SignInPage';
import { Button, type Icon } from '../ui/Button';
import { Filter } from '../ui/Filter';
import { KeyHints } from '../ui/Kbd';
import { List } from '../ui/List';
import { Player } from '../ui/player/Player';
import { usePlayer } from '../ui/player/usePlayer';
import { EmptyState, ErrorState, Skeleton } from '../ui/States';
import { Badge, StateWord, type Tone } from '../ui/StateWord';
import { Tabs } from '../ui/Tabs';
import { toast } from '../ui/Toast';
import { Words, type WordLine } from '../ui/words/Words';
import { peaks_of, sound_of } from './made';
import { Parts } from './Parts';
import sample from './sample.json';

const word = sample.t;
const icons: Record<string, Icon> = {
  message: IconMessage,
  'thumb-down': IconThumbDown,
  'thumb-up': IconThumbUp,
  bulb: IconBulb,
  hourglass: IconHourglass,
  'clock-pause': IconClockPause,
  'microphone-off': IconMicrophoneOff,
};
const icon = (name: string): Icon => icons[name] ?? IconMessage;
interface Row extends SignalRowProps {
  id: string;
}
function rows_of(list: typeof sample.rows): Row[] {
  return list.map((row, i) => ({
    id: `s${i}`,
    icon: icon(row.icon),
    kind: row.kind,
    sentence: row.sentence,
    spoken: row.spoken,
    kind_tone: row.icon === 'thumb-down' ? 'red' : row.icon === 'thumb-up' ? 'green' : 'quiet',
    point: row.point,
    extra: row.extra as Row['extra'],
    time: row.time,
    length: row.length ?? undefined,
    state: row.state
      ? { icon: icon(row.state.icon), text: row.state.text, tone: row.state.tone as Tone }
      : undefined,
  }));
}
const query = new URLSearchParams(location.search);
const view = query.get('view') ?? 'inbox';

function Side({ selected, onSelect }: { selected: string; onSelect: (id: string) => void }) {
  const [point, set_point] = useState('all');
  const rows = useMemo(() => {
    const base = rows_of((view === 'long' ? sample.long_rows : sample.rows) as typeof sample.rows);
    if (view !== 'big') return base;
    return Array.from({ length: 10_000 }, (_, i) => ({
      ...(base[i % base.length] as Row),
      id: `s${i}`,
    }));
  }, []);
  return (
    <section className="o-side">
      <div className="o-side-head">
        <div className="o-row">
          <h1>{word.inbox}</h1>
          <span className="o-sp" />
          <Button kind="ghost" icon={IconListCheck} label={word.more} className="o-hide-ph" />
          <Button kind="ghost" icon={IconAdjustmentsHorizontal} label={word.more} />
        </div>
        <div className="o-filters">
          <Filter
            name={word.point}
            value={point}
            onChange={set_point}
            choices={[
              { value: 'all', label: word.all },
              { value: '1', label: word.head, count: '12' },
            ]}
          />
          <Filter
            name={word.kind}
            value="all"
            onChange={() => undefined}
            choices={[{ value: 'all', label: word.all }]}
          />
          <Filter
            name={word.days}
            value="d"
            className="o-hide-narrow o-hide-ph"
            onChange={() => undefined}
            choices={[{ value: 'd', label: word.days_v }]}
          />
        </div>
        <Tabs
          label={word.inbox}
          current="new"
          tabs={[
            { id: 'new', label: word.new, to: '/inbox', count: '31' },
            { id: 'wait', label: word.wait, to: '/inbox', count: '3' },
            {
              id: 'later',
              label: word.later,
              to: '/inbox',
              count: '2',
              className: 'o-hide-narrow',
            },
            { id: 'done', label: word.done, to: '/inbox', className: 'o-hide-narrow o-hide-ph' },
          ]}
        />
      </div>
      <List
        groups={[{ id: 'today', heading: word.today, count: '24', rows }]}
        id_of={(row) => row.id}
        selected={selected}
        onSelect={(row) => onSelect(row.id)}
        onOpen={() => toast({ text: word.done_t, undo: () => undefined })}
        render={(row) => <SignalRow {...row} />}
        label={word.inbox}
      />
    </section>
  );
}

const instant = (at: number) => {
  const seconds = String(Math.floor(17 + at) % 60).padStart(2, '0');
  return `12:0${3 + Math.floor((17 + at) / 60)}:${seconds} ± 0,2 ${word.lost_s.slice(-1)}`;
};

function Clip({ silent = false }: { silent?: boolean }) {
  const lines = sample.clip as WordLine[];
  const scroll = useRef<HTMLDivElement>(null);
  const tracks = useMemo(() => {
    const peaks = silent ? [] : peaks_of(lines, 120);
    return [{ id: 'a', peaks, src: silent ? undefined : sound_of(peaks, 220) }];
  }, [lines, silent]);
  const control = usePlayer('clip', tracks, 120, 46);
  const [marks, set_marks] = useState<number[]>(query.has('extra') ? [80] : []);
  return (
    <>
      <div className="o-rec-head">
        <span className="o-only-ph">
          <Button kind="ghost" icon={IconChevronLeft} label={word.prev} />
        </span>
        <div>
          <h1>
            <span>{word.head}</span>
            <b>{word.head_t}</b>
          </h1>
          <div className="o-rec-sub">
            <StateWord icon={IconThumbDown} tone="red">
              {word.complaint}
            </StateWord>
            <span>{word.date}</span>
            <StateWord icon={IconUnlink} tone="red" className="o-hide-ph">
              {word.gap}
            </StateWord>
            <span className="o-hide-ph">
              {word.rec} <Badge>{word.auto}</Badge>
            </span>
          </div>
        </div>
        <span className="o-sp" />
        <span className="o-3 o-s o-nw" style={{ padding: '8px 4px' }}>
          {word.of}
        </span>
        <Button kind="ghost" icon={IconChevronUp} label={word.prev} />
        <Button kind="ghost" icon={IconChevronDown} label={word.next} />
        <Button kind="ghost" icon={IconDots} label={word.more} className="o-hide-ph" />
      </div>
      <Player
        control={control}
        origin={60}
        label={word.wave}
        instant_of={instant}
        silent_text={word.silent}
        silent_range={word.range}
        marks={[{ at: 60, label: word.press, short: word.press_s }]}
        holes={
          silent
            ? [{ from: 0, to: 120, label: '', short: '', kind: 'pending' }]
            : [{ from: 24, to: 33, label: word.lost, short: word.lost_s, kind: 'lost' }]
        }
        bookmarks={marks.map((at) => ({ id: String(at), at, label: word.bookmark }))}
        flags={
          query.has('extra')
            ? [
                { id: '1', at: 40, text: '1', tone: 'green', label: '1' },
                { id: '2', at: 41, text: '2', tone: 'red', label: '2' },
              ]
            : []
        }
        onBookmark={query.has('extra') ? (at) => set_marks((all) => [...all, at]) : undefined}
      />
      <div className="o-rec-body" ref={scroll}>
        {!silent && (
          <Words
            control={control}
            lines={lines}
            origin={60}
            scroll={scroll}
            jump_label={(time) => `${word.play} ${time}`}
          />
        )}
        <dl className="o-facts">
          <dt>{word.on_point}</dt>
          <dd>
            {word.who} <span className="o-3">{word.since}</span>
          </dd>
          <dt>{word.whence}</dt>
          <dd>
            {word.whence_v}{' '}
            <a className="o-link" href="#more">
              {word.more}
            </a>
          </dd>
        </dl>
        <p className="o-3 o-s">{word.log}</p>
      </div>
      <div className="o-bar">
        <Button kind="primary" keys="Enter" reason={silent ? word.silent : undefined}>
          {word.check}
        </Button>
        <Button keys="KeyS" className="o-hide-ph">
          {word.later_b}
        </Button>
        <Button kind="ghost" keys="KeyX" className="o-hide-ph">
          {word.sort}
        </Button>
      </div>
    </>
  );
}

function Call() {
  const lines = sample.call as WordLine[];
  const scroll = useRef<HTMLDivElement>(null);
  const tracks = useMemo(
    () =>
      [word.client, word.staff].map((who, i) => {
        const peaks = peaks_of(lines, 276, who);
        return { id: who, peaks, src: sound_of(peaks, 180 + 80 * i) };
      }),
    [lines],
  );
  const control = usePlayer('call', tracks, 276, 187);
  const flag = (text: string, at: number, tone: Tone) => ({
    id: text,
    at,
    text,
    tone,
    label: text,
  });
  return (
    <>
      <div className="o-rec-head">
        <div>
          <h1>
            <span>{word.call_h}</span>
            <b>{word.call_t}</b>
          </h1>
          <div className="o-rec-sub">
            <span>{word.call_w}</span>
            <span>{word.call_d}</span>
            <span>
              {word.rec} <Badge>{word.auto}</Badge>
            </span>
          </div>
        </div>
      </div>
      <Player
        control={control}
        label={word.call_h}
        instant_of={instant}
        track_names={{ [word.client]: word.client, [word.staff]: word.staff }}
        flags={[
          flag('1', 4, 'green'),
          flag('3', 49, 'green'),
          flag('4', 72, 'amber'),
          flag('5', 122, 'red'),
          flag('6', 151, 'green'),
        ]}
      />
      <div className="o-rec-body" ref={scroll}>
        <Words
          control={control}
          lines={lines}
          scroll={scroll}
          jump_label={(time) => `${word.play} ${time}`}
        />
      </div>
      <div className="o-bar o-hide-ph">
        <KeyHints
          hints={[
            { keys: ['Digit1', 'Digit3'], text: word.check, range: true },
            { keys: ['ArrowUp', 'ArrowDown'], text: word.next },
            { keys: ['Space'], text: word.play },
          ]}
        />
      </div>
    </>
  );
}

function View() {
  const [selected, set_selected] = useState('s2');
  if (view === 'parts') return <Parts />;
  if (view === 'missing') return <NotFoundPage />;
  if (view === 'skeleton') return <Skeleton rows={8} />;
  if (view === 'error')
    return (
      <ErrorState title={word.err} error={{ status: 0, title: '' }} onRetry={() => undefined} />
    );
  if (view === 'empty')
    return (
      <EmptyState
        icon={IconInbox}
        title={word.empty}
        what={word.empty_w}
        why={word.empty_y}
        action={<Button kind="primary">{word.bind}</Button>}
      />
    );
  return (
    <div className={`o-split ${query.has('open') ? 'o-open' : ''}`}>
      <Side selected={selected} onSelect={set_selected} />
      <section className="o-rec">
        {view === 'call' ? <Call /> : <Clip silent={view === 'waiting'} />}
      </section>
    </div>
  );
}

const session = {
  account_id: 'playground',
  person_name: word.person,
  login: '',
  role: 'checker',
  language: '',
  company_name: word.company,
  csrf_token: '',
  must_change_password: false,
  demo: false,
  tour: false,
  visitor: false,
  newest_fact: '',
  rights: ['listen', 'check', 'see_figures', 'see_recording', 'manage'],
};
const router = createMemoryRouter(
  [
    {
      path: '*',
      element:
        view === 'sign-in' ? (
          <SignInPage onEntered={() => Promise.resolve()} />
        ) : (
          <HeldSession.Provider value={session}>
            <Shell counts={{ inbox: { n: 31 }, checks: { n: 7 }, points: { n: 1, fault: true } }}>
              <View />
            </Shell>
          </HeldSession.Provider>
        ),
    },
  ],
  { initialEntries: ['/inbox'] },
);

export function Playground() {
  return <RouterProvider router={router} />;
}
