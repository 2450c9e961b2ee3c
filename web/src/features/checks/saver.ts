// Answers go to the server by themselves, one request after another, each upon the version that
// the last one gave. What is not there yet is kept in the browser too. No page is touched here;
// views subscribe.
import { is_problem, type ProblemError } from '../../api/problem';
import type { CheckAnswer, CheckEvidence, CheckView } from '../../api/types';
import { merge_one } from './merge';
import { nothing_unsent, type Aside, type Mark, type Shelf, type Typed } from './unsent';

export type SaveState =
  | { kind: 'saved'; at: number }
  | { kind: 'saving' }
  | { kind: 'offline' }
  | { kind: 'refused'; why: string };

export interface Wire {
  put: (answers: CheckAnswer[], version: number) => Promise<CheckView>;
  mark: (mark: Mark) => Promise<CheckView>;
  read: () => Promise<CheckView>;
}
export interface Snapshot {
  view: CheckView;
  /** With what is typed and not yet saved. */
  answers: ReadonlyMap<string, CheckAnswer>;
  /** With marks on their way. */
  evidence: readonly CheckEvidence[];
  /** The other text of an item, where two were written. */
  asides: ReadonlyMap<string, Aside>;
  state: SaveState;
}

const quiet_ms = 350; // typing of a comment is one save
const again_ms = 3_000;
const merges_max = 4; // somebody types elsewhere at the same time; then the next save goes on
const no_shelf: Shelf = { load: () => nothing_unsent, save: () => undefined };

/** Not what was sent is at fault: it is sent again. A 401 ends with the next sign-in. */
function passes(error: unknown): boolean {
  const problem = is_problem(error) ? error : null;
  if (!problem || problem.offline || problem.status >= 500) return true;
  return [401, 429].includes(problem.status) || problem.code === 'idempotency.busy';
}

export class AnswerSaver {
  private view_: CheckView;
  private state_: SaveState = { kind: 'saved', at: 0 };
  private pending_ = new Map<string, Typed>();
  private sending_ = new Map<string, Typed>();
  private marks_: Mark[] = [];
  private asides_ = new Map<string, Aside>();
  private timer_: ReturnType<typeof setTimeout> | undefined;
  private chain_: Promise<unknown> = Promise.resolve();
  private snapshot_: Snapshot;
  private readonly watchers_ = new Set<() => void>();

  constructor(
    view: CheckView,
    private readonly wire_: Wire,
    private readonly shelf_: Shelf = no_shelf,
    private readonly refused_: (problem: ProblemError) => void = () => undefined,
  ) {
    this.view_ = view;
    const { typed, marks, asides } = shelf_.load();
    this.marks_ = [...marks];
    this.asides_ = new Map(asides.map((one) => [one.item, one]));
    for (const one of typed) this.pending_.set(one.item, one);
    this.merge(view);
    this.snapshot_ = this.make();
    if (this.waits()) this.later(0);
  }

  subscribe = (told: () => void): (() => void) => {
    this.watchers_.add(told);
    return () => this.watchers_.delete(told);
  };
  snapshot = (): Snapshot => this.snapshot_;

  set(item: string, change: Partial<Pick<CheckAnswer, 'answer' | 'comment'>>): void {
    const now = this.snapshot_.answers.get(item) ?? { item, answer: '', comment: '' };
    const base = this.pending_.get(item)?.base ?? this.sending_.get(item) ?? this.held(item);
    const { answer, comment } = { ...now, ...change };
    this.pending_.set(item, {
      item,
      answer,
      comment,
      typed_at: Date.now(),
      base: { item, answer: base.answer, comment: base.comment },
    });
    this.tell({ kind: 'saving' });
    this.later(quiet_ms);
  }
  /** Links a second of the recording to an item; shown at once, kept until the server has it. */
  mark(mark: Mark): void {
    this.marks_ = [...this.marks_, mark];
    this.tell({ kind: 'saving' });
    void this.flush();
  }
  /** The text that lost takes the place of the one that won, and that one stays beside it. */
  take(item: string): void {
    const aside = this.asides_.get(item);
    if (!aside) return;
    const now = this.snapshot_.answers.get(item);
    const { answer = '', comment = '' } = now ?? {};
    this.asides_.set(item, { item, answer, comment: comment ?? '', at: Date.now(), own: true });
    this.set(item, { answer: aside.answer, comment: aside.comment });
  }
  let_go(item: string): void {
    this.asides_.delete(item);
    this.tell(this.state_);
  }
  /** Sends what waits; resolves when it is stored or will not be. */
  flush(): Promise<unknown> {
    clearTimeout(this.timer_);
    this.chain_ = this.chain_.then(() => this.send());
    return this.chain_;
  }
  /** Another change of the same check, after the answers; false when it was refused. */
  act(change: (version: number) => Promise<CheckView>, refused: (error: unknown) => void) {
    void this.flush();
    const done = this.chain_.then(async () => {
      try {
        this.accept(await change(this.view_.version), true);
        return true;
      } catch (error) {
        refused(error);
        if (is_problem(error) && error.status === 412) this.accept(await this.wire_.read(), true);
        return false;
      }
    });
    this.chain_ = done.catch(() => undefined);
    return done;
  }
  /** A view from elsewhere (a live hint); an older one is ignored. */
  accept(view: CheckView, own = false): void {
    if (view.version < this.view_.version || (view.version === this.view_.version && !own)) return;
    this.view_ = view;
    this.tell(this.state_);
    if (this.waits()) this.later(quiet_ms);
  }
  stop(): void {
    clearTimeout(this.timer_);
    if (this.waits()) void this.flush();
  }
  waits(): boolean {
    return this.pending_.size + this.sending_.size + this.marks_.length > 0;
  }

  private held(item: string): CheckAnswer {
    const found = this.view_.answers.find((one) => one.item === item);
    return found ?? { item, answer: '', comment: '' };
  }
  private later(ms: number): void {
    clearTimeout(this.timer_);
    this.timer_ = setTimeout(() => void this.flush(), ms);
  }
  private async send(): Promise<void> {
    try {
      await this.send_answers();
      await this.send_marks();
      if (this.waits()) this.tell({ kind: 'saving' });
      else if (this.state_.kind !== 'saved') this.tell({ kind: 'saved', at: Date.now() });
    } catch (error) {
      this.not_sent(error);
    }
  }
  private async send_answers(): Promise<void> {
    for (let turn = 0; this.pending_.size > 0 && turn < merges_max; turn += 1) {
      this.sending_ = this.pending_;
      this.pending_ = new Map();
      const answers = [...this.sending_.values()].map(({ item, answer, comment }) => ({
        item,
        answer,
        comment,
      }));
      try {
        this.view_ = await this.wire_.put(answers, this.view_.version);
        this.sending_ = new Map();
        if (this.pending_.size > 0) return; // typed meanwhile: its own quiet time runs
      } catch (error) {
        this.take_back();
        if (!is_problem(error) || error.status !== 412) throw error;
        this.view_ = await this.wire_.read();
        this.merge(this.view_);
      }
    }
  }
  private async send_marks(): Promise<void> {
    for (let mark = this.marks_[0]; mark; mark = this.marks_[0]) {
      try {
        this.newer(await this.wire_.mark(mark));
      } catch (error) {
        if (passes(error) || !is_problem(error)) throw error;
        if (error.code === 'idempotency.made') this.newer(await this.wire_.read());
        else this.refused_(error); // a gap, or a second the newest cut does not hold
      }
      this.marks_ = this.marks_.slice(1);
    }
  }
  /** An answer given again to a repeated request may be old. */
  private newer(view: CheckView): void {
    if (view.version > this.view_.version) this.view_ = view;
  }
  /** What was typed meanwhile is newer than what did not get through. */
  private take_back(): void {
    const lost = this.sending_;
    this.sending_ = new Map();
    for (const [item, one] of this.pending_) {
      const before = lost.get(item);
      if (before) this.pending_.set(item, { ...one, base: before.base });
    }
    this.pending_ = new Map([...lost, ...this.pending_]);
  }
  private merge(view: CheckView): void {
    const held = new Map(view.answers.map((one) => [one.item, one]));
    for (const [item, mine] of this.pending_) {
      const { send, aside } = merge_one(mine, held.get(item));
      if (send) this.pending_.set(item, send);
      else this.pending_.delete(item);
      if (aside) this.asides_.set(item, aside);
    }
  }
  private not_sent(error: unknown): void {
    if (passes(error)) {
      this.tell({ kind: 'offline' });
      this.later(again_ms);
      return;
    }
    if (is_problem(error) && error.status === 403) {
      // Another person signed in at this browser: it waits for the one who typed it.
      this.tell({ kind: 'refused', why: error.title });
      return;
    }
    // The check was ended or taken away elsewhere: the words stay beside, to be typed anew.
    for (const one of this.pending_.values())
      this.asides_.set(one.item, {
        item: one.item,
        answer: one.answer,
        comment: one.comment ?? '',
        at: one.typed_at,
        own: true,
      });
    this.pending_ = new Map();
    this.marks_ = [];
    this.tell({ kind: 'refused', why: is_problem(error) ? error.title : '' });
    this.wire_.read().then(
      (view) => this.accept(view, true),
      () => undefined,
    );
  }
  private tell(state: SaveState): void {
    this.state_ = state;
    this.snapshot_ = this.make();
    this.shelf_.save({
      typed: [...new Map([...this.sending_, ...this.pending_]).values()],
      marks: this.marks_,
      asides: [...this.asides_.values()],
    });
    this.watchers_.forEach((told) => told());
  }
  private make(): Snapshot {
    const answers = new Map<string, CheckAnswer>(this.view_.answers.map((one) => [one.item, one]));
    for (const layer of [this.sending_, this.pending_])
      for (const [item, answer] of layer) answers.set(item, answer);
    const on_way = this.marks_.map(({ key, item, clip_sample }) => ({
      id: key,
      item,
      recording_id: '',
      channel: 0,
      media_sample: 0,
      quote: '',
      clip_sample,
    }));
    return {
      view: this.view_,
      answers,
      evidence: [...this.view_.evidence, ...on_way],
      asides: new Map(this.asides_),
      state: this.state_,
    };
  }
}
