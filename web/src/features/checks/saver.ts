// Answers go to the server by themselves, one request after another, each upon the version that
// the last one gave. No page is touched here; views subscribe.
import { is_problem } from '../../api/problem';
import type { CheckAnswer, CheckView } from '../../api/types';

export type SaveState =
  | { kind: 'saved'; at: number }
  | { kind: 'saving' }
  | { kind: 'offline' }
  | { kind: 'refused'; why: string }
  | { kind: 'conflict' };

export interface Wire {
  put: (answers: CheckAnswer[], version: number) => Promise<CheckView>;
  read: () => Promise<CheckView>;
}
export interface Snapshot {
  view: CheckView;
  /** With what is typed and not yet saved. */
  answers: ReadonlyMap<string, CheckAnswer>;
  state: SaveState;
}

const quiet_ms = 350; // typing of a comment is one save
const again_ms = 3_000;

export class AnswerSaver {
  private view_: CheckView;
  private state_: SaveState = { kind: 'saved', at: 0 };
  private pending_ = new Map<string, CheckAnswer>();
  private sending_ = new Map<string, CheckAnswer>();
  private timer_: ReturnType<typeof setTimeout> | undefined;
  private chain_: Promise<unknown> = Promise.resolve();
  private snapshot_: Snapshot;
  private readonly watchers_ = new Set<() => void>();

  constructor(
    view: CheckView,
    private readonly wire_: Wire,
  ) {
    this.view_ = view;
    this.snapshot_ = this.make();
  }

  subscribe = (told: () => void): (() => void) => {
    this.watchers_.add(told);
    return () => this.watchers_.delete(told);
  };
  snapshot = (): Snapshot => this.snapshot_;

  set(item: string, change: Partial<Pick<CheckAnswer, 'answer' | 'comment'>>): void {
    const now = this.snapshot_.answers.get(item) ?? { item, answer: '', comment: '' };
    this.pending_.set(item, { ...now, ...change });
    this.tell({ kind: 'saving' });
    clearTimeout(this.timer_);
    this.timer_ = setTimeout(() => void this.flush(), quiet_ms);
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
  }

  stop(): void {
    clearTimeout(this.timer_);
    if (this.pending_.size > 0) void this.flush();
  }

  private async send(): Promise<void> {
    if (this.pending_.size === 0) return;
    this.sending_ = this.pending_;
    this.pending_ = new Map();
    try {
      const view = await this.wire_.put([...this.sending_.values()], this.view_.version);
      this.sending_ = new Map();
      this.view_ = view;
      this.tell(this.pending_.size > 0 ? { kind: 'saving' } : { kind: 'saved', at: Date.now() });
    } catch (error) {
      await this.not_sent(error);
    }
  }
  private async not_sent(error: unknown): Promise<void> {
    const lost = this.sending_;
    this.sending_ = new Map();
    const problem = is_problem(error) ? error : null;
    if (!problem || problem.offline || problem.status >= 500 || problem.status === 401) {
      // What was typed meanwhile is newer than what did not get through.
      this.pending_ = new Map([...lost, ...this.pending_]);
      this.tell({ kind: 'offline' });
      this.timer_ = setTimeout(() => void this.flush(), again_ms);
      return;
    }
    this.pending_ = new Map();
    this.view_ = await this.wire_.read().catch(() => this.view_);
    this.tell(
      problem.status === 412 ? { kind: 'conflict' } : { kind: 'refused', why: problem.title },
    );
  }
  private tell(state: SaveState): void {
    this.state_ = state;
    this.snapshot_ = this.make();
    this.watchers_.forEach((told) => told());
  }
  private make(): Snapshot {
    const answers = new Map(this.view_.answers.map((one) => [one.item, one]));
    for (const layer of [this.sending_, this.pending_])
      for (const [item, answer] of layer) answers.set(item, answer);
    return { view: this.view_, answers, state: this.state_ };
  }
}
