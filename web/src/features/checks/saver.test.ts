import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { problem_from } from '../../api/problem';
import type { CheckAnswerHeld, CheckView } from '../../api/types';
import { AnswerSaver, type Wire } from './saver';
import { nothing_unsent, type Shelf, type Unsent } from './unsent';

const now = Date.parse('2026-11-20T09:00:00Z');
beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(now);
});
afterEach(() => vi.useRealTimers());

const held = (item: string, answer: string, comment = '', seconds = 0): CheckAnswerHeld => ({
  item,
  answer,
  comment,
  answered_at: new Date(now + seconds * 1000).toISOString(),
});
const view = (version: number, answers: CheckAnswerHeld[] = [], more: Partial<CheckView> = {}) =>
  ({ id: 'check_1', version, answers, evidence: [], ...more }) as unknown as CheckView;
const refusal = (status: number, code = '') => problem_from(status, { code });
const mark = { key: 'k1', item: 'a', clip_sample: 48_000 };

/** A server with one check: it takes what comes upon its version, and may be away. */
class Server implements Wire {
  version = 1;
  answers = new Map<string, CheckAnswerHeld>();
  marks = new Map<string, string>();
  fault: Error | null = null;
  puts = 0;
  private now_view(): CheckView {
    const evidence = [...this.marks].map(([id, item]) => ({ id, item, clip_sample: 1 }));
    return view(this.version, [...this.answers.values()], { evidence } as Partial<CheckView>);
  }
  put: Wire['put'] = async (answers, version) => {
    this.puts += 1;
    if (this.fault) throw this.fault;
    if (version !== this.version) throw refusal(412, 'row.changed');
    for (const one of answers)
      this.answers.set(one.item, {
        ...one,
        comment: one.comment ?? '',
        answered_at: new Date().toISOString(),
      });
    this.version += 1;
    return this.now_view();
  };
  mark: Wire['mark'] = async (one) => {
    if (this.fault) throw this.fault;
    this.marks.set(one.key, one.item);
    this.version += 1;
    return this.now_view();
  };
  read = async () => {
    if (this.fault) throw this.fault;
    return this.now_view();
  };
  /** Somebody elsewhere. */
  typed(one: CheckAnswerHeld): void {
    this.answers.set(one.item, one);
    this.version += 1;
  }
}
function memory(start: Unsent = nothing_unsent) {
  const kept = { unsent: start };
  const shelf: Shelf = { load: () => kept.unsent, save: (unsent) => (kept.unsent = unsent) };
  return { kept, shelf };
}

it('answers are saved together, upon the version the last save gave', async () => {
  const server = new Server();
  const saver = new AnswerSaver(view(1), server);
  saver.set('a', { answer: 'no' });
  saver.set('a', { answer: 'yes' });
  saver.set('b', { answer: 'na' });
  expect(saver.snapshot().answers.get('a')?.answer).toBe('yes');
  expect(saver.snapshot().state.kind).toBe('saving');
  await vi.advanceTimersByTimeAsync(400);
  expect(saver.snapshot().state.kind).toBe('saved');
  saver.set('b', { comment: 'x' });
  await saver.flush();
  expect(server.puts).toBe(2);
  expect(server.answers.get('b')).toMatchObject({ answer: 'na', comment: 'x' });
});

it('what another computer wrote to other answers, or to a part of one, is joined', async () => {
  const server = new Server();
  const saver = new AnswerSaver(view(1), server);
  server.typed(held('b', 'no'));
  server.typed(held('a', '', 'their words'));
  saver.set('a', { answer: 'yes' });
  await saver.flush();
  expect(saver.snapshot().state.kind).toBe('saved');
  expect(saver.snapshot().asides.size).toBe(0);
  expect(server.answers.get('a')).toMatchObject({ answer: 'yes', comment: 'their words' });
  expect(server.answers.get('b')).toMatchObject({ answer: 'no' });
});

it('of two texts the newer is stored and the other stays beside it, until let go', async () => {
  const server = new Server();
  const { kept, shelf } = memory();
  const saver = new AnswerSaver(view(1), server, shelf);
  server.typed(held('a', 'no', 'older, theirs', -5));
  saver.set('a', { answer: 'yes', comment: 'newer, mine' });
  await saver.flush();
  expect(server.answers.get('a')).toMatchObject({ answer: 'yes', comment: 'newer, mine' });
  expect(saver.snapshot().asides.get('a')).toMatchObject({ comment: 'older, theirs', own: false });
  expect(kept.unsent.asides).toHaveLength(1);
  saver.take('a');
  await saver.flush();
  expect(server.answers.get('a')).toMatchObject({ answer: 'no', comment: 'older, theirs' });
  expect(saver.snapshot().asides.get('a')).toMatchObject({ comment: 'newer, mine', own: true });
  saver.let_go('a');
  expect(kept.unsent).toEqual(nothing_unsent);
});

it('what was typed without a connection does not overwrite what is newer', async () => {
  const server = new Server();
  server.fault = refusal(0);
  const saver = new AnswerSaver(view(1), server);
  saver.set('a', { answer: 'yes', comment: 'an hour ago' });
  await vi.advanceTimersByTimeAsync(400);
  server.typed(held('a', 'no', 'a minute ago', 3_000));
  server.fault = null;
  await vi.advanceTimersByTimeAsync(3_100);
  expect(server.answers.get('a')).toMatchObject({ answer: 'no', comment: 'a minute ago' });
  expect(saver.snapshot().answers.get('a')?.comment).toBe('a minute ago');
  expect(saver.snapshot().asides.get('a')).toMatchObject({ comment: 'an hour ago', own: true });
});

it.each([0, 401, 500, 503])(
  'status %i: nothing typed is lost, and it is sent later',
  async (status) => {
    const server = new Server();
    const { kept, shelf } = memory();
    server.fault = refusal(status);
    const saver = new AnswerSaver(view(1), server, shelf);
    saver.set('a', { answer: 'no' });
    saver.mark(mark);
    await vi.advanceTimersByTimeAsync(400);
    expect(saver.snapshot().state.kind).toBe('offline');
    expect(saver.snapshot().evidence).toHaveLength(1); // shown at once
    expect([kept.unsent.typed.length, kept.unsent.marks.length]).toEqual([1, 1]);
    server.fault = null;
    await vi.advanceTimersByTimeAsync(3_100);
    expect(saver.snapshot().state.kind).toBe('saved');
    expect(server.answers.get('a')?.answer).toBe('no');
    expect([...server.marks]).toEqual([['k1', 'a']]);
    expect(kept.unsent).toEqual(nothing_unsent);
  },
);

it('a page opened again goes on with what the last one could not send', async () => {
  const server = new Server();
  server.fault = refusal(0);
  const { kept, shelf } = memory();
  const before = new AnswerSaver(view(1), server, shelf);
  before.set('a', { answer: 'no', comment: 'typed' });
  before.mark(mark);
  await vi.advanceTimersByTimeAsync(400);
  const left = structuredClone(kept.unsent); // the tab is closed here
  server.fault = null;
  const again = new AnswerSaver(view(1), server, memory(left).shelf);
  expect(again.snapshot().answers.get('a')?.comment).toBe('typed');
  await vi.advanceTimersByTimeAsync(10);
  expect(server.answers.get('a')).toMatchObject({ answer: 'no', comment: 'typed' });
  expect(server.marks.size).toBe(1);
});

it('a mark that the recording refuses is told and dropped; its answer stays', async () => {
  const told = vi.fn();
  const server = new Server();
  server.mark = async () => {
    throw refusal(409, 'evidence.in_gap');
  };
  const saver = new AnswerSaver(view(1), server, undefined, told);
  saver.set('a', { answer: 'no' });
  saver.mark(mark);
  await vi.advanceTimersByTimeAsync(400);
  expect(told).toHaveBeenCalledOnce();
  expect(saver.snapshot().evidence).toHaveLength(0);
  expect(server.answers.get('a')?.answer).toBe('no');
});

it('a check that was ended elsewhere refuses, and the words stay in sight', async () => {
  const server = new Server();
  const saver = new AnswerSaver(view(1), server);
  server.fault = refusal(409, 'check.not_draft');
  saver.set('a', { answer: 'yes', comment: 'long thought' });
  await saver.flush();
  expect(saver.snapshot().state.kind).toBe('refused');
  expect(saver.snapshot().asides.get('a')).toMatchObject({ comment: 'long thought', own: true });
});

it('an act waits for the answers before it', async () => {
  const server = new Server();
  const saver = new AnswerSaver(view(1), server);
  saver.set('a', { answer: 'yes' });
  const seen: number[] = [];
  const done = await saver.act(
    async (version) => {
      seen.push(version, server.puts);
      return view(version + 1, [], { state: 'done' });
    },
    () => seen.push(-1),
  );
  expect(done).toBe(true);
  expect(seen).toEqual([2, 1]);
  expect(saver.snapshot().view.state).toBe('done');
});
